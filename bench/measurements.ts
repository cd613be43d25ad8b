import type {MeasurementName} from './measurement-names.ts'
import type {Size} from './objects.ts'
import type {BenchState} from './state.ts'

export interface Settings extends Size {
	/** How many changes of each kind. */
	readonly changes: number
	/** How long churn goes on; 0 for none. */
	readonly churnSeconds: number
}

/** Each is loaded when it is asked for: what it does not use shall not be in its memory. */
export const MEASUREMENTS = {
	'cold-sync': async (settings: Settings) => (await import('./own/cold-sync.ts')).measureColdSync(settings),
	'cold-sync-profile': async (settings: Settings) => (await import('./own/cold-sync.ts')).profileColdSync(settings),
	changes: async (settings: Settings) => (await import('./own/change.ts')).measureChanges(settings, settings.changes),
	audit: async (settings: Settings) => (await import('./own/audit.ts')).measureAudit(settings),
	churn: async (settings: Settings) =>
		(await import('./own/churn.ts')).measureChurn(settings, Math.min(settings.churnSeconds, 60)),
	heap: async (settings: Settings) => (await import('./own/heap.ts')).measureHeap(settings),
	process: async (settings: Settings) =>
		(await import('./whole/measure-process.ts')).measureProcess(settings, settings.churnSeconds),
	floor: async (settings: Settings) => (await import('./floor/floor.ts')).measureFloor(await stateOf(settings)),
	ipvsadm: async (settings: Settings) => (await import('./peers/ipvsadm.ts')).measureIpvsadm(await stateOf(settings)),
	keepalived: async (settings: Settings) =>
		(await import('./peers/keepalived.ts')).measureKeepalived(await stateOf(settings)),
} as const satisfies Record<MeasurementName, (settings: Settings) => Promise<unknown>>

export type ResultOf<Name extends MeasurementName> = Awaited<ReturnType<(typeof MEASUREMENTS)[Name]>>

/** What the floor and the peers are given: the state that kube-lvs wants for the same objects. */
const stateOf = async (size: Size): Promise<BenchState> => {
	const [{makeObjects, NODE_NAME, project}, {benchState}] = await Promise.all([
		import('./objects.ts'),
		import('./state.ts'),
	])
	return benchState(NODE_NAME, makeObjects(size).all().map(project))
}
