import {expect} from 'chai'
import {WhoAsked} from '../../../src/observe/journal/who-asked.ts'
import type {SyncKind} from '../../../src/observe/observer.ts'
import type {Operation} from '../../../src/plan/operation.ts'
import {setName} from '../../../src/state/ipset.ts'
import type {VirtualServer} from '../../../src/state/ipvs.ts'
import type {ServiceState} from '../../../src/state/service-state.ts'
import {FIXED} from '../../plan/build.ts'
import {address, realServer, virtualServer, withKey} from '../../state/build.ts'

const HOLDERS: Readonly<Record<string, string>> = {
	'tcp 10.96.0.1:80': 'ns/a',
	'tcp [fd00:96::1]:80': 'ns/a',
	'tcp 10.96.0.2:80': 'ns/b',
	'tcp 192.0.2.10:30080': 'ns/b',
	'tcp 10.96.0.2:81': 'ns/c',
	'firewall-mark ipv4 0x1': 'ns/m',
}

const member = (role: Parameters<typeof setName>[0], entry: string): Operation => {
	const definition = FIXED.sets.get(setName(role, 'ipv4'))
	if (!definition) {
		throw new Error(`no set for ${role}`)
	}
	return {kind: 'add-set-entry', definition, entry}
}

const add = (server: string): Operation => ({kind: 'add-virtual-server', server: virtualServer(server)})

const addReal = (server: string, real: string): Operation => ({
	kind: 'add-real-server',
	server: virtualServer(server),
	realServer: realServer(real),
})

const bind = (vip: string): Operation => ({kind: 'bind-vip', address: address(vip), binding: 'address'})

const flows = (vip: string, vipPort: number): Operation => ({
	kind: 'delete-flows',
	flow: {protocol: 'tcp', vip: address(vip), vipPort, keep: new Set()},
})

const onMark: VirtualServer = withKey({kind: 'firewall-mark', family: 'ipv4', mark: 1})

/** Whose the last of the operations is; `only` is the one Service that was compiled. */
const CASES: readonly {
	readonly name: string
	readonly operations: readonly Operation[]
	readonly only?: string
	readonly kind?: SyncKind
	readonly asked: string | undefined
}[] = [
	{name: 'a virtual server', operations: [add('tcp 10.96.0.1:80')], only: 'ns/x', asked: 'ns/a'},
	{name: 'a virtual server of a mark', operations: [{kind: 'add-virtual-server', server: onMark}], asked: 'ns/m'},
	{name: 'a real server', operations: [addReal('tcp 10.96.0.2:80', '10.244.1.5:8080')], asked: 'ns/b'},
	{name: 'a virtual server that nobody has', operations: [add('tcp 10.96.0.9:80')], asked: undefined},
	{name: 'the same, where one was compiled', operations: [add('tcp 10.96.0.9:80')], only: 'ns/x', asked: 'ns/x'},
	{name: 'a VIP', operations: [add('tcp 10.96.0.1:80'), bind('10.96.0.1')], asked: 'ns/a'},
	{name: 'a VIP alone', operations: [bind('10.96.0.1')], asked: undefined},
	{name: 'a VIP alone at an audit', operations: [bind('10.96.0.1')], kind: 'audit', asked: 'ns/a'},
	{name: 'a VIP alone, where one was compiled', operations: [bind('10.96.0.1')], only: 'ns/x', asked: 'ns/x'},
	{name: 'a VIP alone that two have', operations: [bind('10.96.0.2')], kind: 'audit', asked: undefined},
	{name: 'a VIP alone that nobody has', operations: [bind('10.96.0.9')], kind: 'audit', asked: undefined},
	{
		name: 'a VIP that two have',
		operations: [add('tcp 10.96.0.2:80'), add('tcp 10.96.0.2:81'), bind('10.96.0.2')],
		asked: undefined,
	},
	{name: 'a member with address and port', operations: [member('CLUSTER-IP', '10.96.0.1,tcp:80')], asked: 'ns/a'},
	{name: 'the same in IPv6', operations: [member('CLUSTER-IP', 'fd00:96::1,tcp:80')], asked: 'ns/a'},
	{
		name: 'a member with a mark',
		operations: [member('LVS-INSIDE', '10.96.0.1,tcp:80 skbmark 0x1/0xf')],
		asked: 'ns/a',
	},
	{
		name: 'a member with a source range',
		operations: [member('LOAD-BALANCER-SOURCE-CIDR', '10.96.0.1,tcp:80,192.0.2.0/24')],
		asked: 'ns/a',
	},
	{
		name: 'a member with an endpoint',
		operations: [addReal('tcp 10.96.0.1:80', '10.244.1.5:8080'), member('LOOP-BACK', '10.244.1.5,tcp:8080,10.244.1.5')],
		asked: 'ns/a',
	},
	{
		name: 'a member with an endpoint of two Services',
		operations: [
			addReal('tcp 10.96.0.1:80', '10.244.1.5:8080'),
			addReal('tcp 10.96.0.2:80', '10.244.1.5:8080'),
			member('LOOP-BACK', '10.244.1.5,tcp:8080,10.244.1.5'),
		],
		asked: undefined,
	},
	{
		name: 'a node port',
		operations: [add('tcp 192.0.2.10:30080'), member('NODE-PORT-TCP', '30080')],
		asked: 'ns/b',
	},
	{name: 'flows', operations: [flows('10.96.0.1', 80)], asked: 'ns/a'},
	{name: 'the device', operations: [{kind: 'create-device'}], only: 'ns/x', asked: undefined},
]

describe('who asked for', () => {
	const states = new Map<string, ServiceState>()
	const servers = Object.keys(HOLDERS).map(key => (key.startsWith('firewall-mark') ? onMark : virtualServer(key)))
	const wanted = {virtualServers: new Map(servers.map(server => [server.key, {server}]))}
	const create = () =>
		new WhoAsked(() => ({holderOf: server => HOLDERS[server], wanted, stateOf: key => states.get(key)}))

	for (const {name, operations, only, kind = 'change', asked} of CASES) {
		it(`${name}: ${asked ?? 'cannot be told'}`, () => {
			expect(create().of(operations, {kind, only}).at(-1)).to.equal(asked)
		})
	}

	it('what a Service had before it changed is still known, of the latest ten thousand', () => {
		const stateWith = (servers: readonly string[]) =>
			({
				listeners: servers.map(key => ({state: {server: virtualServer(key)}})),
			}) as unknown as ServiceState
		states.set('ns/gone', stateWith(['tcp 10.96.0.9:80']))
		const whoAsked = create()
		const change = {kind: 'change', only: undefined} as const
		whoAsked.changed({kind: 'Service', key: 'ns/gone'})
		whoAsked.changed({kind: 'Service', key: 'ns/new'})
		expect(whoAsked.of([add('tcp 10.96.0.9:80'), bind('10.96.0.9')], change)).to.deep.equal(['ns/gone', 'ns/gone'])
		states.set('ns/many', stateWith(Array.from({length: 10_000}, (_, at) => `tcp 10.97.0.1:${at + 1}`)))
		whoAsked.changed({kind: 'Service', key: 'ns/many'})
		expect(whoAsked.of([add('tcp 10.96.0.9:80'), add('tcp 10.97.0.1:1')], change)).to.deep.equal([
			...[undefined, 'ns/many'],
		])
	})
})
