import {startEcho} from '../topology/echo.ts'
import type {Host, Node} from '../topology/hosts.ts'
import {FABRIC} from '../topology/numbering.ts'
import {fabricNamespace} from '../topology/render.ts'
import {createTopology, type Topology} from '../topology/topology.ts'
import {KubeLvs} from './kube-lvs.ts'
import {type Lifelines, linesTo} from './lifelines.ts'
import {type KubernetesObject, nodeObject} from './objects.ts'
import {ObjectsFolder} from './objects-folder.ts'
import {ECHO_PORT, type ServedTopology} from './served-topology.ts'

export const DAEMON_PORT = 9000
export const API_PORT = 6443

/** Served by clouds at this address, by way of the gateway. */
export const METADATA = '169.254.169.254'

/** A node, and around it what it and its pods cannot do without; each answers with its name. */
export interface LifelineTopology extends ServedTopology {
	/** Where kube-lvs runs; its pod `a` is an endpoint, its pod `c` asks. An API server is on it, too. */
	readonly n1: Node
	readonly n2: Node
	readonly gateway: Host
	readonly apiServer: Host
	/** Not a Node yet. */
	readonly lateNode: Host
	readonly lifelines: readonly Lifelines[]
}

export const createLifelineTopology = async (name: string): Promise<LifelineTopology> => {
	const topology = await createTopology({
		name,
		nodes: [{name: 'n1', pods: ['a', 'c']}, {name: 'n2'}],
		clients: ['outside', 'api', 'late'],
	})
	const hosts = {
		n1: topology.node('n1'),
		n2: topology.node('n2'),
		gateway: {name: 'gateway', namespace: fabricNamespace(name), addresses: FABRIC.bridge},
		apiServer: topology.client('api'),
		lateNode: topology.client('late'),
	}
	await startDaemons(topology, hosts)
	const objects = await ObjectsFolder.create()
	await objects.apply(nodeObject(hosts.n1), nodeObject(hosts.n2), ...apiServerObjects([hosts.apiServer, hosts.n1]))
	const podNetworks = '10.244.0.0/16,fd00:244::/56'
	const kubeLvs = new KubeLvs(topology, hosts.n1, ['--source', objects.path, '--cluster-cidr', podNetworks])
	const destroy = async () => {
		await kubeLvs.stop('SIGKILL')
		await topology.destroy()
		await objects.remove()
	}
	return {topology, objects, kubeLvs, destroy, ...hosts, lifelines: lifelinesOf(topology, hosts)}
}

type Hosts = Pick<LifelineTopology, 'n1' | 'n2' | 'gateway' | 'apiServer' | 'lateNode'>

const startDaemons = async (topology: Topology, {n1, n2, gateway, apiServer, lateNode}: Hosts): Promise<void> => {
	const toPods = [`route add ${n1.podCidrs.ipv4} via ${n1.addresses.ipv4}`].concat(
		`route add ${n1.podCidrs.ipv6} via ${n1.addresses.ipv6}`,
	)
	const batch = (host: Host, lines: readonly string[]) =>
		topology.exec(host, 'ip', ['-batch', '-'], {input: lines.join('\n')})
	await Promise.all([
		batch(gateway, [`addr add ${METADATA}/32 dev outside`, ...toPods]),
		batch(apiServer, toPods),
		batch(lateNode, toPods),
	])
	const listen = (host: Host, port: number, ...besides: readonly string[]) =>
		startEcho(topology, host, {ports: [port], addresses: [...Object.values(host.addresses), ...besides]})
	await Promise.all([
		startEcho(topology, topology.pod('a'), {ports: [ECHO_PORT]}),
		listen(gateway, DAEMON_PORT, METADATA),
		listen(n1, DAEMON_PORT, '127.0.0.1', '::1'),
		listen(n1, API_PORT),
		listen(n2, DAEMON_PORT),
		listen(lateNode, DAEMON_PORT),
		listen(apiServer, API_PORT),
	])
}

const lifelinesOf = (topology: Topology, {n1, n2, gateway, apiServer}: Hosts): readonly Lifelines[] => {
	const vital = [
		...[gateway, n1, n2].flatMap(host => linesTo(host, DAEMON_PORT)),
		...[apiServer, n1].flatMap(host => linesTo(host, API_PORT)),
	]
	const metadata = {address: METADATA, port: DAEMON_PORT, answers: gateway.name}
	const loopback = ['127.0.0.1', '::1'].map(address => ({address, port: DAEMON_PORT, answers: n1.name}))
	return [
		{from: n1, to: [...vital, metadata, ...loopback]},
		{from: topology.pod('c'), to: [...vital, metadata]},
		{from: topology.client('outside'), to: vital},
	]
}

/** The Service of the API servers and where they answer. */
const apiServerObjects = (hosts: readonly Host[]): readonly KubernetesObject[] => [
	{
		apiVersion: 'v1',
		kind: 'Service',
		metadata: {name: 'kubernetes', namespace: 'default'},
		spec: {
			clusterIP: '10.96.0.1',
			clusterIPs: ['10.96.0.1'],
			ipFamilies: ['IPv4'],
			ports: [{name: 'https', port: 443, protocol: 'TCP'}],
		},
	},
	...(['ipv4', 'ipv6'] as const).map(family => ({
		apiVersion: 'discovery.k8s.io/v1',
		kind: 'EndpointSlice',
		metadata: {
			name: `kubernetes-${family}`,
			namespace: 'default',
			labels: {'kubernetes.io/service-name': 'kubernetes'},
		},
		addressType: family === 'ipv4' ? 'IPv4' : 'IPv6',
		ports: [{name: 'https', port: API_PORT, protocol: 'TCP'}],
		endpoints: hosts.map(({addresses}) => ({addresses: [addresses[family]], conditions: {ready: true}})),
	})),
]
