import {ROW_NUMBERS} from './numbers.ts'
import {World, type WorldSettings} from './world.ts'

type Scenario = (world: World) => void | Promise<void>

/** Runs of each row with failures; a seed that has failed is given in ACCEPTANCE_SEED to see it again. */
const SEEDS = process.env.ACCEPTANCE_SEED
	? [Number(process.env.ACCEPTANCE_SEED)]
	: Array.from({length: Number(process.env.ACCEPTANCE_RUNS ?? 5)}, () => 1 + Math.floor(Math.random() * 1e9))

/**
 * One row of the acceptance table. The scenario runs as it stands, and again with one call to the kernel in ten
 * failing and the objects in shuffled order. A scenario that takes no world is run once.
 */
export function row(number: string, title: string, scenario: Scenario): void
export function row(number: string, title: string, settings: WorldSettings, scenario: Scenario): void
export function row(number: string, title: string, ...rest: readonly (WorldSettings | Scenario)[]): void {
	const scenario = rest.at(-1) as Scenario
	const settings = rest.length > 1 ? (rest[0] as WorldSettings) : {}
	if (!ROW_NUMBERS.includes(number)) {
		throw new Error(`there is no row ${number}`)
	}
	it(`row ${number}: ${title}`, () => play(settings, scenario, undefined))
	if (scenario.length > 0) {
		it(`row ${number}, one call in ten failing: ${title}`, async () => {
			for (const seed of SEEDS) {
				await play(settings, scenario, seed)
			}
		})
	}
}

const play = async (settings: WorldSettings, scenario: Scenario, seed: number | undefined): Promise<void> => {
	const world = new World(settings, seed)
	try {
		await scenario(world)
	} catch (error) {
		if (error instanceof Error && seed !== undefined) {
			error.message += `; see it again with ACCEPTANCE_SEED=${seed}`
		}
		throw error
	} finally {
		await world.stop()
	}
}
