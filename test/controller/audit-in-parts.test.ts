import {expect} from 'chai'
import {service, slice} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'

const SERVER = 'tcp 10.96.0.10:80'
const INTERVAL = 30_000

/** Enough for several parts. */
const OTHERS = 600

const other = (number: number) => service({clusterIP: addressOf(number)}, {name: `other-${number}`})
const addressOf = (number: number) => `10.97.${number >> 8}.${number & 255}`
const keyOf = (number: number) => `tcp ${addressOf(number)}:80`

describe('an audit', () => {
	let world: World

	afterEach(() => world.stop())

	const start = async (others: number) => {
		world = new World({config: {auditInterval: `${INTERVAL}ms`}}, undefined)
		world.given(service(), slice(), ...Array.from({length: others}, (_, number) => other(number)))
		await world.settled()
		return world.observer.syncs.length
	}

	/** In the middle of the audit, at so many of its requests. */
	const onRequests = (count: number, work: () => void) => {
		const choose = () => {
			work()
			return undefined
		}
		world.kernel.failNext({kind: 'request', choose}, count)
	}

	const syncsFrom = (before: number) =>
		world.observer.syncs
			.slice(before)
			.map(({kind, outcomes}) => [kind, outcomes.length])
			.filter(([kind, count]) => kind === 'audit' || count !== 0)

	it('takes nothing that is done while it reads for damage', async () => {
		const before = await start(0)
		onRequests(1, () => world.change(slice(['10.244.1.6'])))
		await world.advance(INTERVAL)
		await world.advance(INTERVAL)
		expect(world.realServers(SERVER)).to.deep.equal({'10.244.1.6:8080': 1})
		const kinds = syncsFrom(before).map(([kind, count]) => (kind === 'audit' ? `audit ${count}` : kind))
		expect(kinds).to.include('change')
		expect(new Set(kinds.filter(kind => kind !== 'change'))).to.deep.equal(new Set(['audit 0']))
	})

	it('lets a change have its turn between its parts, and repairs all of them', async () => {
		const before = await start(OTHERS)
		for (const number of [0, 1, OTHERS - 1]) {
			world.kernel.ipvs.servers.delete(keyOf(number))
		}
		const isRepaired = () => world.servers()[keyOf(0)] !== undefined
		const isWhole = () => world.servers()[keyOf(OTHERS - 1)] !== undefined
		let isChanged = false
		let isWholeThen: boolean | undefined
		onRequests(Number.POSITIVE_INFINITY, () => {
			if (isRepaired() && !isChanged) {
				isChanged = true
				world.change(slice(['10.244.1.6']))
			}
			if (world.realServers(SERVER)?.['10.244.1.6:8080'] !== undefined) {
				isWholeThen ??= isWhole()
			}
		})
		await world.advance(INTERVAL)
		await world.advance(1000)
		expect(isRepaired()).to.equal(true)
		expect(isWhole()).to.equal(true)
		expect(isWholeThen).to.equal(false)
		expect(
			syncsFrom(before)
				.map(([kind]) => kind)
				.slice(0, 2),
		).to.deep.equal(['change', 'audit'])
	})
})
