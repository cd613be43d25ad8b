import {DEFAULT_LIMITS} from '../../src/kubernetes/reflector-options.ts'
import {ENDPOINTS_PER_SLICE} from '../objects.ts'
import {type Costs, type Line, type ObjectBytes, objectsOf} from './costs.ts'

/** What a cluster is taken to be like; the page says so. */
export interface Assumptions {
	readonly podsPerNode: number
	/** All pods are endpoints, of one Service each. */
	readonly podsPerService: number
	/** Each pod is replaced once in so many hours. */
	readonly podHours: number
	/** How often an EndpointSlice is written for a pod that is replaced: the new one comes and is ready, the old one ends and is gone. */
	readonly writesPerPod: number
	/** A kubelet reports its node so often where nothing changes. */
	readonly nodeReportSeconds: number
	/** With the list of images that the benchmark's Nodes lack. */
	readonly nodeBytes: number
	readonly auditSeconds: number
}

/** What one node and the API server bear. Bytes are of JSON without compression. */
export interface Bill {
	readonly nodes: number
	readonly services: number
	readonly endpoints: number
	readonly list: {
		readonly bytes: number
		/** Of these: all Nodes. */
		readonly nodeBytes: number
		readonly pages: number
		/** Of the API server, where all nodes start at once. */
		readonly allBytes: number
	}
	readonly watch: {
		readonly sliceEvents: number
		readonly sliceBytes: number
		readonly nodeEvents: number
		readonly nodeBytes: number
		/** Each second, to all nodes. */
		readonly allBytes: number
		/** That are open, and how many of them begin anew each second. */
		readonly open: number
		readonly requests: number
	}
	/** After the API server was away: all watches come back in this time. */
	readonly comeback: {readonly seconds: number; readonly requestsPerSecond: number}
	readonly node: {
		readonly rssBytes: number
		readonly firstSyncMs: number
		/** Of one CPU. */
		readonly changeCpu: number
		readonly auditCpu: number
		/** Larger than anything that was measured. */
		readonly isExtrapolated: boolean
	}
}

/** Services, EndpointSlices, Nodes, ServiceCIDRs. */
const RESOURCES = 4

/** Around the object of a watch event. */
export const ENVELOPE_BYTES = '{"type":"MODIFIED","object":}\n'.length

export const billOf = (nodes: number, assumptions: Assumptions, bytes: ObjectBytes, costs: Costs): Bill => {
	const services = Math.round((nodes * assumptions.podsPerNode) / assumptions.podsPerService)
	const list = listOf(nodes, services, assumptions, bytes)
	const {watchSeconds, backOff} = DEFAULT_LIMITS
	const watch = watchOf(nodes, assumptions, bytes)
	const objects = objectsOf({services, endpoints: assumptions.podsPerService})
	const at = ({base, perObject}: Line) => base + perObject * objects
	const open = nodes * RESOURCES
	const seconds = backOff.firstMilliseconds / 2 / 1000
	return {
		nodes,
		services,
		endpoints: nodes * assumptions.podsPerNode,
		list,
		watch: {...watch, open, requests: open / ((watchSeconds.min + watchSeconds.max) / 2)},
		comeback: {seconds, requestsPerSecond: open / seconds},
		node: {
			rssBytes: at(costs.rssBytes),
			firstSyncMs: at(costs.firstSyncMs),
			changeCpu: (watch.sliceEvents * costs.changeCpuMs) / 1000,
			auditCpu: at(costs.auditMs) / 1000 / assumptions.auditSeconds,
			isExtrapolated: objects > costs.measuredObjects,
		},
	}
}

const sliceCount = ({podsPerService}: Assumptions): number => Math.ceil(podsPerService / ENDPOINTS_PER_SLICE)

const listOf = (nodes: number, services: number, assumptions: Assumptions, bytes: ObjectBytes): Bill['list'] => {
	const slices = services * sliceCount(assumptions)
	const endpoints = nodes * assumptions.podsPerNode
	const nodeBytes = nodes * assumptions.nodeBytes
	const all = services * bytes.service + slices * bytes.slice + endpoints * bytes.endpoint + nodeBytes
	const pages = [services, slices, nodes, 1].reduce((sum, count) => sum + Math.ceil(count / DEFAULT_LIMITS.pageSize), 0)
	return {bytes: all, nodeBytes, pages, allBytes: all * nodes}
}

const watchOf = (
	nodes: number,
	assumptions: Assumptions,
	bytes: ObjectBytes,
): Omit<Bill['watch'], 'open' | 'requests'> => {
	const {podsPerNode, podsPerService, podHours, writesPerPod, nodeReportSeconds} = assumptions
	const sliceEvents = (nodes * podsPerNode * writesPerPod) / (podHours * 3600)
	const sliceBytes = ENVELOPE_BYTES + bytes.slice + (podsPerService / sliceCount(assumptions)) * bytes.endpoint
	const nodeEvents = nodes / nodeReportSeconds
	const watched = {
		sliceEvents,
		sliceBytes: sliceEvents * sliceBytes,
		nodeEvents,
		nodeBytes: nodeEvents * (ENVELOPE_BYTES + assumptions.nodeBytes),
	}
	return {...watched, allBytes: (watched.sliceBytes + watched.nodeBytes) * nodes}
}
