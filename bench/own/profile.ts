import {Session} from 'node:inspector/promises'

/** Where the JavaScript of a sync spends its time. `sending` is inside the call that hands a datagram to the kernel. */
export type CodeStage = 'model' | 'desired' | 'plan' | 'encode' | 'ipset' | 'iptables' | 'sending' | 'gc' | 'other'

/** The part of CPU time of each stage; they add up to 1. */
export type Shares = Readonly<Partial<Record<CodeStage, number>>>

/** Of a V8 CPU profile, what is read of it. */
export interface CpuProfile {
	readonly nodes: readonly {
		readonly id: number
		readonly callFrame: {readonly functionName: string; readonly url: string}
		readonly children?: readonly number[] | undefined
	}[]
	readonly samples?: readonly number[] | undefined
	/** Microseconds before each sample. */
	readonly timeDeltas?: readonly number[] | undefined
}

/** Microseconds between two samples: each costs a signal, which is dear in a test kernel. */
const INTERVAL = 4000

/** Runs something under V8's sampling profiler. */
export const profiled = async (work: () => Promise<unknown>): Promise<Shares> => {
	const session = new Session()
	session.connect()
	await session.post('Profiler.enable')
	await session.post('Profiler.setSamplingInterval', {interval: INTERVAL})
	await session.post('Profiler.start')
	await work()
	const {profile} = await session.post('Profiler.stop')
	session.disconnect()
	return sharesOf(profile)
}

/** The first that fits counts. What is used from everywhere (`net`, types of `state`) belongs to who calls it. */
const STAGES: readonly (readonly [RegExp, CodeStage])[] = [
	[/\/src\/controller\/node-model\.ts$|\/src\/(?:model|kubernetes)\//, 'model'],
	[/\/src\/state\/(?:owner-index|span-index)\.ts$|\/src\/(?:desired|annotations)\//, 'desired'],
	[/\/src\/plan\//, 'plan'],
	[/\/src\/kernel\/netlink\/(?:raw-)?socket[\w-]*\.ts$|\/node_modules\/(?:netlink|koffi)\//, 'sending'],
	[/\/src\/kernel\/ipset\//, 'ipset'],
	[/\/src\/kernel\/(?:iptables\/|exec\.ts$)|\/node_modules\/execa\//, 'iptables'],
	[/\/src\/kernel\//, 'encode'],
	[/\/src\/controller\//, 'other'],
]

/** A sample belongs to the innermost caller that has a stage. */
export const sharesOf = ({nodes, samples = [], timeDeltas = []}: CpuProfile): Shares => {
	const byId = new Map(nodes.map(node => [node.id, node]))
	const parents = new Map(nodes.flatMap(({id, children = []}) => children.map(child => [child, id] as const)))
	const stages = new Map<number, CodeStage | undefined>()
	const stageOf = (id: number | undefined): CodeStage | undefined => {
		const node = id === undefined ? undefined : byId.get(id)
		if (id === undefined || !node) {
			return 'other'
		}
		if (!stages.has(id)) {
			const {functionName, url} = node.callFrame
			stages.set(
				id,
				NO_CODE.get(functionName) ?? (isIdle(functionName) ? undefined : (ownStage(url) ?? stageOf(parents.get(id)))),
			)
		}
		return stages.get(id)
	}
	const times = new Map<CodeStage, number>()
	for (const [at, id] of samples.entries()) {
		const stage = stageOf(id)
		if (stage) {
			times.set(stage, (times.get(stage) ?? 0) + (timeDeltas[at] ?? 0))
		}
	}
	const total = [...times.values()].reduce((sum, time) => sum + time, 0)
	return Object.fromEntries([...times].map(([stage, time]) => [stage, total > 0 ? time / total : 0]))
}

const NO_CODE: ReadonlyMap<string, CodeStage> = new Map([
	['(garbage collector)', 'gc'],
	['(root)', 'other'],
])

const isIdle = (functionName: string): boolean => functionName === '(idle)'

const ownStage = (url: string): CodeStage | undefined => STAGES.find(([pattern]) => pattern.test(url))?.[1]
