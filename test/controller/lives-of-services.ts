import type {World} from '../acceptance/world.ts'
import {type Kind, otherNode, serviceOf, sliceOf} from './many-services.ts'

/** Something happens in the cluster. */
export type Change = (world: World) => void

/** A Service that changes while another one is looked at. */
const BYSTANDER = 5900

export const BYSTANDERS = [
	otherNode(9002),
	serviceOf('tcp', BYSTANDER),
	sliceOf('tcp', BYSTANDER, ['10.245.200.1', '10.245.200.2']),
]

/** Every change by its name, to be made in this order. */
export const allChanges = (): ReadonlyMap<string, Change> =>
	new Map<string, Change>([
		['a Node comes', world => world.change(otherNode(9000))],
		['a Node has another address', world => world.change(otherNode(9000, 9001))],
		['a Node goes', world => world.remove(otherNode(9000, 9001))],
		...LIVES.flatMap((kind, at) =>
			Object.entries(lifeOf(kind, 5001 + at)).map(([name, change]) => [`${kind}: ${name}`, change] as const),
		),
	])

const LIVES: readonly Kind[] = [
	...(['tcp', 'udp', 'node-port', 'load-balancer', 'group', 'direct-routing'] as const),
	// The only one of its family: with it goes what steers.
	'direct-routing-ipv6',
	// Nobody else asks for it: it is tried out.
	'scheduler',
]

/** From its beginning to its end. */
const lifeOf = (kind: Kind, at: number): Readonly<Record<string, Change>> => {
	const [here = '', first = '', second = ''] = kind.endsWith('ipv6')
		? ['fd00:244:0:1::5', 'fd00:245::1', 'fd00:245::2']
		: ['10.244.1.252', `10.245.201.${at - 5000}`, `10.245.202.${at - 5000}`]
	const endpoints = (...hosts: readonly string[]) => sliceOf(kind, at, hosts)
	const bystander = (host: string): Change => {
		const [...hosts] = ['10.245.200.1', host]
		return world => world.change(sliceOf('tcp', BYSTANDER, hosts))
	}
	return {
		'it comes': world => world.change(serviceOf(kind, at), endpoints(first)),
		'it gets an endpoint here': world => world.change(endpoints(first, here)),
		'it loses the endpoint here': world => world.change(endpoints(first)),
		'it gets another endpoint': world => {
			connect(world, new Set([first]), 1)
			world.change(endpoints(second))
		},
		'another one changes while it drains': bystander('10.245.200.3'),
		'it has drained': world => connect(world, new Set([first]), 0),
		'it goes': world => {
			connect(world, new Set([second]), 1)
			world.remove(serviceOf(kind, at), endpoints())
		},
		'another one changes while it lingers': bystander('10.245.200.2'),
		'it lingers no more': world => connect(world, new Set([second]), 0),
	}
}

/** Every real server of these addresses has so many connections. */
export const connect = ({kernel: {ipvs}}: World, hosts: ReadonlySet<string>, connections: number): void => {
	for (const {server, realServers} of ipvs.servers.values()) {
		for (const {realServer} of realServers.values()) {
			if (hosts.has(realServer.address)) {
				ipvs.setConnections(server.key, realServer.key, connections)
			}
		}
	}
}
