import type {Addresses} from '../topology/hosts.ts'
import {type Asked, both, clusterIPs, readyPods, untilServed} from './ask.ts'
import type {Cluster, Origin} from './cluster.ts'
import {deployment, PORT, portsOf, service} from './workload.ts'

const NODE_PORT = 30080
const EXTERNAL = {ipv4: '203.0.113.7', ipv6: '2001:db8:f::7'}
const BALANCER = {ipv4: '203.0.113.5', ipv6: '2001:db8:f::5'}

export const WEB_PODS = 4

const webDeployment = (version: string, replicas = WEB_PODS) => deployment({name: 'web', replicas, version})

/** Replaces all pods of `web`, and does not wait. */
export const rollOutWeb = (cluster: Cluster, version: string): Promise<void> => cluster.apply(webDeployment(version))

/** A Service `web` with every kind of address, and a pod `asker` on the first node; resolves when they are there. */
export const applyWeb = (cluster: Cluster): Promise<void> =>
	applyBoth(cluster, WEB_PODS, {externalIPs: Object.values(EXTERNAL)})

/** The same with two pods, for TCP alone and without external IPs. */
export const applyPlainWeb = (cluster: Cluster): Promise<void> =>
	applyBoth(cluster, 2, {ports: portsOf('TCP').map(port => ({...port, nodePort: NODE_PORT}))})

const applyBoth = async (cluster: Cluster, replicas: number, spec: object): Promise<void> => {
	await cluster.apply(
		webDeployment('1', replicas),
		deployment({name: 'asker', replicas: 1, node: cluster.nodes[0].name}),
		service('web', {nodePort: NODE_PORT, spec: {type: 'LoadBalancer', ...spec}}),
	)
	await cluster.setLoadBalancer('web', Object.values(BALANCER))
	await cluster.rolledOut('web', 'asker')
	await untilServed(cluster, 'web')
}

/** Where `web` is served. The node port is that of the first node. */
export const webAddresses = async (cluster: Cluster): Promise<Readonly<Record<string, ServedAt>>> => {
	const {externalIPs = []} = (await cluster.service('web')).spec as {readonly externalIPs?: readonly string[]}
	return {
		ClusterIP: {...(await clusterIPs(cluster, 'web')), port: PORT},
		...(externalIPs.length > 0 ? {'external IP': {...EXTERNAL, port: PORT}} : {}),
		'load-balancer IP': {...BALANCER, port: PORT},
		'node port': {...cluster.nodes[0].addresses, port: NODE_PORT},
	}
}

type ServedAt = Addresses & {readonly port: number}

/** Both addresses of each kind. */
export const webTargets = async (cluster: Cluster): Promise<readonly Asked[]> =>
	Object.values(await webAddresses(cluster)).flatMap(({port, ...addresses}) => both(addresses, port))

export const ORIGINS = ['a pod', 'an endpoint', 'a node', 'another node', 'outside'] as const

export const originsOf = async (cluster: Cluster): Promise<Readonly<Record<(typeof ORIGINS)[number], Origin>>> => {
	const [n1, n2] = cluster.nodes
	const [asker] = await readyPods(cluster, 'asker')
	const own = (await readyPods(cluster, 'web')).find(({node}) => node === n1.name)
	if (!asker || !own) {
		throw new Error(`no pod on ${n1.name}`)
	}
	return {
		'a pod': {pod: asker.name},
		'an endpoint': {pod: own.name},
		'a node': {node: n1.name},
		'another node': {node: n2.name},
		outside: 'outside',
	}
}
