import type {Gauge} from 'prom-client'

/** What waits for the next sync. */
export interface Pending {
	/** Services that differ from what was last synced. */
	readonly services: number
	readonly endpointSlices: number
}

/** What is looked at when somebody asks for the metrics. */
export interface Readings {
	readonly pending: () => Pending
	readonly services: () => number
	/** Real servers. */
	readonly draining: () => number
	/** Those of ours that are there. */
	readonly sets: () => Iterable<{readonly name: string; readonly members: number; readonly maxElements: number}>
	/** In the kernel. */
	readonly virtualServers: () => {readonly ours: number; readonly foreign: number}
	/** What this node may have or lack, and whether it has it. */
	readonly features: () => Iterable<readonly [feature: string, isThere: boolean]>
	/** By kind of object: seconds since the API server was last heard. */
	readonly watchAges: () => Iterable<readonly [kind: string, seconds: number]>
	/** Of this program. */
	readonly version: string
}

/** How a gauge that is read at that moment is filled, by its key in the table of metrics. */
export const READERS: Readonly<Record<string, (gauge: Gauge, readings: Readings) => void>> = {
	pendingChanges: (gauge, {pending}) => {
		const {services, endpointSlices} = pending()
		gauge.set({kind: 'Service'}, services)
		gauge.set({kind: 'EndpointSlice'}, endpointSlices)
	},
	services: (gauge, {services}) => gauge.set(services()),
	watchAge: (gauge, {watchAges}) => {
		gauge.reset()
		for (const [kind, seconds] of watchAges()) {
			gauge.set({kind}, seconds)
		}
	},
	draining: (gauge, {draining}) => gauge.set(draining()),
	virtualServers: (gauge, {virtualServers}) => gauge.set(virtualServers().ours),
	foreignVirtualServers: (gauge, {virtualServers}) => gauge.set(virtualServers().foreign),
	setEntries: (gauge, {sets}) => {
		for (const {name, members} of sets()) {
			gauge.set({set: name}, members)
		}
	},
	setFill: (gauge, {sets}) => {
		for (const {name, members, maxElements} of sets()) {
			gauge.set({set: name}, members / maxElements)
		}
	},
	features: (gauge, {features}) => {
		for (const [feature, isThere] of features()) {
			gauge.set({feature}, isThere ? 1 : 0)
		}
	},
	build: (gauge, {version}) => gauge.set({version}, 1),
	kubeProxyServicesPending: (gauge, {pending}) => gauge.set(pending().services),
	kubeProxyEndpointsPending: (gauge, {pending}) => gauge.set(pending().endpointSlices),
}
