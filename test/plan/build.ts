import {DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {fixedState, NO_NETWORKS} from '../../src/desired/fixed.ts'
import type {Address, Family} from '../../src/net/address.ts'
import {Mirror} from '../../src/plan/mirror.ts'
import type {Operation} from '../../src/plan/operation.ts'
import {makePlan, type PlanOptions} from '../../src/plan/plan.ts'
import {wholeScope} from '../../src/plan/scope.ts'
import type {Binding, BindingMode} from '../../src/state/addresses.ts'
import type {VirtualServerState} from '../../src/state/ipvs.ts'
import {MODERN_NODE} from '../../src/state/node-facts.ts'
import type {ActualState, FixedState, Neighbours, WantedState} from '../../src/state/node-state.ts'

export const FIXED: FixedState = fixedState(DEFAULT_CONFIG, NO_NETWORKS, MODERN_NODE)

const byKey = (servers: readonly VirtualServerState[]) => new Map(servers.map(state => [state.server.key, state]))

export const wanted = (settings: {
	readonly servers?: readonly VirtualServerState[]
	readonly vips?: readonly Address[]
	readonly members?: Readonly<Record<string, readonly string[]>>
	readonly fixed?: FixedState
	readonly neighbours?: Partial<Neighbours>
	readonly steered?: readonly Family[]
}): WantedState => ({
	neighbours: {nodes: new Set(), apiServers: [], ...settings.neighbours},
	fixed: settings.fixed ?? FIXED,
	virtualServers: byKey(settings.servers ?? []),
	vips: new Set(settings.vips),
	steered: new Set(settings.steered),
	members: new Map(Object.entries(settings.members ?? {}).map(([name, entries]) => [name, new Set(entries)])),
})

/** A kernel that nobody has touched. */
export const emptyKernel = (): ActualState => ({
	virtualServers: new Map(),
	counters: new Map(),
	hasDevice: false,
	bindings: new Map(),
	steering: new Map(),
	sets: new Map(),
	tables: new Map(),
	sysctls: new Map(),
	hostAddresses: new Set(),
	gateways: new Set(),
})

/** A kernel that has the frame: settings, device, sets and rules. */
export const framedKernel = (
	settings: {
		readonly servers?: readonly VirtualServerState[]
		readonly bindings?: ReadonlyMap<Address, Binding>
		readonly members?: Readonly<Record<string, readonly string[]>>
		readonly counters?: ActualState['counters']
		readonly hostAddresses?: readonly Address[]
	} = {},
): ActualState => {
	const {servers = [], bindings = new Map(), members = {}, counters = new Map(), hostAddresses = []} = settings
	const sets = new Map(FRAME.sets)
	for (const [name, entries] of Object.entries(members)) {
		const definition = FIXED.sets.get(name)
		if (definition) {
			sets.set(name, {definition, entries: new Set(entries)})
		}
	}
	return {
		...FRAME,
		virtualServers: byKey(servers),
		bindings,
		sets,
		counters,
		hostAddresses: new Set(hostAddresses),
	}
}

export const planOptions = (settings: Partial<PlanOptions> = {}): PlanOptions => ({
	binding: 'auto',
	draining: new Set(),
	expired: new Set(),
	ramping: new Map(),
	...settings,
})

export const planWhole = (
	want: WantedState,
	actual: ActualState,
	binding: BindingMode = 'auto',
): readonly Operation[] => makePlan(wholeScope(want, actual), want, actual, planOptions({binding}))

/** The kernel after all of these operations. */
export const recorded = (actual: ActualState, operations: readonly Operation[]): ActualState => {
	const mirror = new Mirror(actual)
	for (const operation of operations) {
		mirror.record(operation)
	}
	return mirror
}

const FRAME: ActualState = {...recorded(emptyKernel(), planWhole(wanted({}), emptyKernel()))}
