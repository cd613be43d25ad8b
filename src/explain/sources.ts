import type {Config} from '../config/fields.ts'
import type {PortContext} from '../desired/port-context.ts'
import type {NodeContext} from '../model/node-context.ts'
import type {Problem} from '../model/problem.ts'
import type {Service} from '../model/service.ts'
import type {RealServerKey, VirtualServerKey} from '../state/ipvs.ts'
import type {ActualState} from '../state/node-state.ts'
import type {Conflict} from '../state/owner-index.ts'
import type {ServiceState} from '../state/service-state.ts'

/** All that is known of one Service. */
export interface Sources {
	readonly service: Service
	readonly config: Config
	readonly node: Pick<NodeContext, 'name' | 'zone'>
	/** As it was compiled; undefined where it is not served. */
	readonly state: ServiceState | undefined
	readonly ports: readonly PortContext[]
	/** What it asks for in vain. */
	readonly conflicts: readonly Conflict[]
	readonly problems: readonly Problem[]
	/** The kernel as we know it; undefined before the first sync. */
	readonly actual: Pick<ActualState, 'virtualServers' | 'counters'> | undefined
	readonly drainOf: DrainOf
	/** Milliseconds since 1970, of the clock by which drains are measured. */
	readonly now: number
}

/** Since when a real server drains (milliseconds since 1970), and how long it may. */
export type DrainOf = (
	server: VirtualServerKey,
	realServer: RealServerKey,
) => {readonly since: number; readonly deadline: number} | undefined
