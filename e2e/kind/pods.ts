import type {ClusterPod} from '../suite/cluster.ts'
import type {Addresses} from '../topology/hosts.ts'

/** `kubectl get pods --output json` */
export interface PodList {
	readonly items: readonly PodObject[]
}

interface PodObject {
	readonly metadata: {readonly name: string; readonly deletionTimestamp?: string}
	readonly spec: {readonly nodeName?: string}
	readonly status: {
		readonly podIPs?: readonly {readonly ip: string}[]
		readonly conditions?: readonly {readonly type: string; readonly status: string}[]
	}
}

export const isReady = ({status}: PodObject): boolean =>
	(status.conditions ?? []).some(({type, status}) => type === 'Ready' && status === 'True')

/** Those that have their addresses. */
export const clusterPods = ({items}: PodList): readonly ClusterPod[] =>
	items.flatMap(pod => {
		const addresses = (pod.status.podIPs ?? []).map(({ip}) => ip)
		const isTerminating = pod.metadata.deletionTimestamp !== undefined
		const {nodeName: node} = pod.spec
		return node && addresses.length === 2
			? [{name: pod.metadata.name, node, addresses: byFamily(addresses), isReady: isReady(pod), isTerminating}]
			: []
	})

/** Throws when a family is missing. */
export const byFamily = (addresses: readonly string[]): Addresses => {
	const ipv4 = addresses.find(address => !address.includes(':'))
	const ipv6 = addresses.find(address => address.includes(':'))
	if (!ipv4 || !ipv6) {
		throw new Error(`not dual-stack: ${addresses}`)
	}
	return {ipv4, ipv6}
}
