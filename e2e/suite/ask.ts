import {type ProbeResult, type Transport, tally} from '../topology/answer.ts'
import {type Addresses, FAMILIES} from '../topology/hosts.ts'
import type {Place} from '../topology/place.ts'
import {probeManyFrom} from '../topology/probe-many.ts'
import type {Cluster, ClusterNode, ClusterPod} from './cluster.ts'
import {until} from './until.ts'
import {PORT} from './workload.ts'

/** Where to ask. */
export interface Asked {
	readonly address: string
	readonly port: number
	/** TCP if not given. */
	readonly protocol?: Transport
	/** 1 if not given. */
	readonly count?: number
}

/** Asks all of them at once, each over so many connections. */
export const ask = (
	place: Place,
	targets: readonly Asked[],
	seconds = 5,
): Promise<readonly (readonly ProbeResult[])[]> => probeManyFrom(place, targets, seconds)

/** Who answered how often, for each target. */
export const tallies = async (place: Place, targets: readonly Asked[], seconds?: number) =>
	(await ask(place, targets, seconds)).map(tally)

/** The same port of both addresses. */
export const both = (addresses: Addresses, port = PORT, count = 1): readonly Asked[] =>
	FAMILIES.map(family => ({address: addresses[family], port, count}))

export const clusterIPs = async (cluster: Cluster, service: string): Promise<Addresses> => {
	const {clusterIPs} = (await cluster.service(service)).spec as {readonly clusterIPs: readonly string[]}
	const of = (isIPv6: boolean) => clusterIPs.find(address => address.includes(':') === isIPv6) ?? ''
	return {ipv4: of(false), ipv6: of(true)}
}

export const readyPods = async (cluster: Cluster, deployment: string): Promise<readonly ClusterPod[]> =>
	(await cluster.pods(deployment)).filter(({isReady, isTerminating}) => isReady && !isTerminating)

export const namesOf = (pods: readonly ClusterPod[]): readonly string[] => pods.map(({name}) => name).toSorted()

export interface Serving {
	/** The Service's name if not given. */
	readonly deployment?: string
	/** So many connections for each pod; 1 if not given. */
	readonly turns?: number
	/** All if not given. */
	readonly isWanted?: (pod: ClusterPod, node: ClusterNode) => boolean
}

/** Resolves when the ClusterIPs lead from each node to all ready pods, in turn, and to no other. */
export const untilServed = async (cluster: Cluster, service: string, serving: Serving = {}): Promise<void> => {
	const {deployment = service, turns = 1, isWanted = () => true} = serving
	const addresses = await clusterIPs(cluster, service)
	const pods = await readyPods(cluster, deployment)
	let found: readonly unknown[] = []
	await until(
		`${service} is served`,
		() => JSON.stringify(found),
		async () => {
			const perNode = cluster.nodes.map(async node => {
				const wanted = namesOf(pods.filter(pod => isWanted(pod, node)))
				const targets = both(addresses, PORT, Math.max(1, turns * wanted.length))
				const results = await ask(cluster.at({node: node.name}), targets, 1)
				return results.map(tally).map(counts => ({node: node.name, counts, wanted}))
			})
			const all = (await Promise.all(perNode)).flat()
			found = all
			return all.every(({counts, wanted}) => Object.keys(counts).toSorted().join() === wanted.join())
		},
	)
}

/** Resolves when each address refuses. */
export const untilRefused = async (place: Place, addresses: Addresses): Promise<void> => {
	let found: readonly object[] = []
	await until(
		`a refusal at ${addresses.ipv4} from ${place.name}`,
		() => JSON.stringify(found),
		async () => {
			found = await tallies(place, both(addresses), 1)
			return found.every(counts => 'refused' in counts)
		},
	)
}
