import {expect} from 'chai'
import fc from 'fast-check'
import type {Ports} from '../../src/net/port-range.ts'
import {GrowingScope} from '../../src/state/growing-scope.ts'
import type {ServiceTables} from '../../src/state/node-state.ts'
import {OwnerIndex} from '../../src/state/owner-index.ts'
import type {Listener, ServiceState} from '../../src/state/service-state.ts'
import type {Span} from '../../src/state/span.ts'
import {address, serverState, virtualServer, withKey} from './build.ts'

/** A listener on 10.96.0.`host`, with a set member; its real server tells whose it is. */
const listener = (host: number, realServer: string): Listener => ({
	state: serverState(virtualServer(`tcp 10.96.0.${host}:80`), [realServer]),
	vip: address(`10.96.0.${host}`),
	members: [{set: 'KUBE-CLUSTER-IP', entry: `10.96.0.${host},tcp:80`}],
})

/** The virtual server of this owner's mark. */
const marked = (key: string): Listener => ({
	state: serverState(withKey({kind: 'firewall-mark', family: 'ipv4', mark: key.length}), ['10.244.0.1:0']),
	vip: undefined,
	members: [],
})

/** Ports of 10.96.0.`host` that lead there. */
const span = (key: string, host: number, ports: Ports): Span => ({
	address: address(`10.96.0.${host}`),
	ports,
	server: marked(key).state.server.key,
	isBound: true,
	marks: [{set: 'KUBE-LVS-MARK', suffix: `=${key}`}],
	members: [{set: 'KUBE-IPVS-IPS', entry: `10.96.0.${host}`}],
})

const rangeOf = (first: number, last = first): Ports => ({protocol: 'tcp', first, last})

const grouped = (key: string, createdAt: number, ...spans: readonly Span[]): ServiceState => ({
	...stateOf(key, createdAt, []),
	listeners: [marked(key)],
	spans,
})

const stateOf = (
	key: string,
	createdAt: number,
	hosts: readonly number[],
	members: readonly string[] = [],
): ServiceState => ({
	owner: {key, createdAt},
	listeners: hosts.map(host => listener(host, `10.244.${createdAt}.${key.length}:80`)),
	members: members.map(entry => ({set: 'KUBE-LOOP-BACK', entry})),
	healthChecks: [],
	noLocalEndpoints: [],
})

/** The tables as plain values, without the counts, and without sets that are empty. */
const tablesOf = ({virtualServers, vips, members}: ServiceTables) => ({
	virtualServers: [...virtualServers].map(([key, {realServers}]) => [key, ...realServers.keys()].join()).sort(),
	vips: [...vips.keys()].sort(),
	members: [...members].flatMap(([set, entries]) => [...entries.keys()].map(entry => `${set} ${entry}`)).sort(),
})

const indexOf = (...states: readonly ServiceState[]): OwnerIndex => {
	const index = new OwnerIndex()
	for (const state of states) {
		replace(index, state.owner.key, state)
	}
	return index
}

const OWNERS = ['ns/a', 'ns/bb', 'ns/ccc', 'ns/dddd'] as const

/** What four Services could ask for, few enough to get into each other's way. */
const anyState = (key: string): fc.Arbitrary<ServiceState> =>
	fc
		.tuple(fc.nat(2), fc.uniqueArray(fc.nat(3)), fc.uniqueArray(fc.constantFrom('x', 'y')), anySpans(key))
		.map(([createdAt, hosts, members, spans]) => {
			const state = stateOf(key, createdAt, hosts, members)
			return spans.length > 0 ? {...state, listeners: [...state.listeners, marked(key)], spans} : state
		})

const anySpans = (key: string): fc.Arbitrary<readonly Span[]> =>
	fc.array(
		fc
			.tuple(fc.nat(3), fc.constantFrom<Ports[]>('all', rangeOf(80), rangeOf(79, 81), rangeOf(81, 83)))
			.map(([host, ports]) => span(key, host, ports)),
		{maxLength: 2},
	)

const anyChange = fc
	.constantFrom(...OWNERS)
	.chain(key => fc.tuple(fc.constant(key), fc.option(anyState(key), {nil: undefined})))

describe('the index of owners', () => {
	it('holds what one Service asks for, and lets go of it', () => {
		const index = indexOf(stateOf('ns/a', 1, [1, 2], ['x']))
		expect(tablesOf(index)).to.deep.equal({
			virtualServers: ['tcp 10.96.0.1:80,10.244.1.4:80', 'tcp 10.96.0.2:80,10.244.1.4:80'],
			vips: ['10.96.0.1', '10.96.0.2'],
			members: ['KUBE-CLUSTER-IP 10.96.0.1,tcp:80', 'KUBE-CLUSTER-IP 10.96.0.2,tcp:80', 'KUBE-LOOP-BACK x'],
		})
		replace(index, 'ns/a', undefined)
		expect(tablesOf(index)).to.deep.equal({virtualServers: [], vips: [], members: []})
	})

	it('gives a virtual server that two claim to the older one, and tells the other', () => {
		const index = indexOf(stateOf('ns/a', 2, [1]), stateOf('ns/b', 1, [1]))
		expect(index.holderOf('tcp 10.96.0.1:80')).to.equal('ns/b')
		expect(index.conflictsOf('ns/a')).to.deep.equal([{server: 'tcp 10.96.0.1:80', holder: 'ns/b'}])
		expect(index.conflictsOf('ns/b')).to.deep.equal([])
	})

	it('looks at none of those who listen beside it on an address of the node to tell of conflicts', () => {
		let looks = 0
		const neighbours = Array.from({length: 500}, (_, at): ServiceState => {
			const {spans: _none, ...state} = stateOf(`ns/${at}`, 1, [])
			const server = serverState(virtualServer(`tcp 192.0.2.1:${30_000 + at}`))
			const listeners = [{state: server, vip: undefined, members: []}]
			return Object.defineProperty({...state, listeners}, 'spans', {get: () => void looks++})
		})
		const own = {state: serverState(virtualServer('tcp 192.0.2.1:32000')), vip: undefined, members: []}
		const index = indexOf(...neighbours, {...stateOf('ns/late', 2, []), listeners: [own]})
		looks = 0
		expect(index.conflictsOf('ns/late')).to.deep.equal([])
		expect(looks).to.equal(0)
	})

	it('gives it to the first by name where both are of the same age', () => {
		expect(indexOf(stateOf('ns/b', 1, [1]), stateOf('ns/a', 1, [1])).holderOf('tcp 10.96.0.1:80')).to.equal('ns/a')
	})

	it('gives it to the next when the holder goes, and names both as touched', () => {
		const index = indexOf(stateOf('ns/a', 2, [1]), stateOf('ns/b', 1, [1]))
		const delta = replace(index, 'ns/b', undefined)
		expect(index.holderOf('tcp 10.96.0.1:80')).to.equal('ns/a')
		expect(delta.owners).to.deep.equal(new Set(['ns/a', 'ns/b']))
		expect(delta.virtualServers).to.deep.equal(new Set(['tcp 10.96.0.1:80']))
	})

	it('keeps a VIP and a member as long as anybody asks for it', () => {
		const shared: ServiceState = {
			...stateOf('ns/b', 2, []),
			listeners: [{...listener(1, '10.244.2.4:80'), state: serverState(virtualServer('tcp 10.96.0.1:81'))}],
		}
		const index = indexOf(stateOf('ns/a', 1, [1]), shared)
		replace(index, 'ns/a', undefined)
		expect(tablesOf(index).vips).to.deep.equal(['10.96.0.1'])
		expect(tablesOf(index).members).to.deep.equal(['KUBE-CLUSTER-IP 10.96.0.1,tcp:80'])
	})

	it('steers the marks of a family as long as anybody who holds such a listener needs it', () => {
		const steered = (family: 'ipv4' | 'ipv6', mark: number): Listener => ({
			state: serverState(withKey({kind: 'firewall-mark', family, mark})),
			...{vip: undefined, members: [], steered: true},
		})
		const withListeners = (key: string, ...listeners: readonly Listener[]) => ({...stateOf(key, 1, []), listeners})
		const index = indexOf(
			withListeners('ns/a', steered('ipv4', 1), steered('ipv6', 1)),
			withListeners('ns/b', steered('ipv4', 2)),
			withListeners('ns/c', listener(1, '10.244.1.5:80')),
		)
		expect([...index.steered.keys()]).to.have.members(['ipv4', 'ipv6'])
		replace(index, 'ns/a', undefined)
		expect([...index.steered.keys()]).to.deep.equal(['ipv4'])
		replace(index, 'ns/b', withListeners('ns/b', listener(2, '10.244.1.5:80')))
		expect([...index.steered.keys()]).to.deep.equal([])
	})

	it('ends in the same tables in whatever order the states came, and however often they changed before', () => {
		fc.assert(
			fc.property(fc.array(anyChange, {maxLength: 15}), fc.tuple(...OWNERS.map(anyState)), (history, final) => {
				const lived = new OwnerIndex()
				for (const [key, state] of history) {
					replace(lived, key, state)
				}
				for (const state of final.toReversed()) {
					replace(lived, state.owner.key, state)
				}
				const fresh = indexOf(...final)
				expect(tablesOf(lived)).to.deep.equal(tablesOf(fresh))
				for (const key of OWNERS) {
					expect(lived.conflictsOf(key)).to.have.deep.members([...fresh.conflictsOf(key)])
				}
			}),
		)
	})

	it('is empty when everybody has gone', () => {
		fc.assert(
			fc.property(fc.array(anyChange, {maxLength: 15}), history => {
				const index = new OwnerIndex()
				for (const [key, state] of [...history, ...OWNERS.map(key => [key, undefined] as const)]) {
					replace(index, key, state)
				}
				expect(tablesOf(index)).to.deep.equal({virtualServers: [], vips: [], members: []})
			}),
		)
	})

	it('names in the delta every key and every owner whose lot has changed', () => {
		fc.assert(
			fc.property(fc.array(anyChange, {minLength: 1, maxLength: 15}), history => {
				const index = new OwnerIndex()
				for (const [key, state] of history) {
					const before = tablesOf(index)
					const conflicts = conflictsIn(index)
					const delta = replace(index, key, state)
					expectInDelta(delta, before, tablesOf(index))
					const changed = OWNERS.filter((_, at) => conflicts[at] !== conflictsIn(index)[at])
					expect([...delta.owners]).to.include.members(changed)
				}
			}),
		)
	})

	it('leads ports to the virtual server of a mark, together with the VIP', () => {
		const index = indexOf(grouped('ns/a', 1, span('ns/a', 1, rangeOf(80, 81))))
		expect(tablesOf(index)).to.deep.equal({
			virtualServers: ['firewall-mark ipv4 0x4,10.244.0.1:0'],
			vips: ['10.96.0.1'],
			members: [
				'KUBE-IPVS-IPS 10.96.0.1',
				'KUBE-LVS-MARK 10.96.0.1,tcp:80=ns/a',
				'KUBE-LVS-MARK 10.96.0.1,tcp:81=ns/a',
			],
		})
	})

	const isLed = (index: OwnerIndex): boolean => (index.members.get('KUBE-LVS-MARK')?.size ?? 0) > 0

	it('leads no port of an address that an older one serves, and tells', () => {
		for (const ports of [rangeOf(80), rangeOf(1, 100), 'all'] as const) {
			const young = grouped('ns/bb', 2, span('ns/bb', 1, ports))
			const index = indexOf(young, stateOf('ns/a', 1, [1]))
			expect(isLed(index)).to.equal(false)
			expect(index.conflictsOf('ns/bb').map(({holder}) => holder)).to.deep.equal(['ns/a'])
			expect(index.conflictsOf('ns/a')).to.deep.equal([])
			replace(index, 'ns/a', undefined)
			expect(isLed(index)).to.equal(true)
			expect(index.conflictsOf('ns/bb')).to.deep.equal([])
		}
	})

	it('leads the ports beside those that an older one serves', () => {
		const index = indexOf(grouped('ns/bb', 2, span('ns/bb', 1, rangeOf(81, 99))), stateOf('ns/a', 1, [1]))
		expect(isLed(index)).to.equal(true)
	})

	it('tells a younger one that its port leads to an older one', () => {
		const index = indexOf(grouped('ns/a', 1, span('ns/a', 1, 'all')), stateOf('ns/bb', 2, [1]))
		expect(isLed(index)).to.equal(true)
		expect(index.conflictsOf('ns/bb')).to.deep.equal([{server: 'tcp 10.96.0.1:80', holder: 'ns/a'}])
	})

	it('leads nowhere while another one has the virtual server of the mark', () => {
		const young = {...grouped('ns/bb', 2, span('ns/a', 1, rangeOf(80))), listeners: [marked('ns/a')]}
		const index = indexOf(young, {...stateOf('ns/a', 1, []), listeners: [marked('ns/a')]})
		expect(isLed(index)).to.equal(false)
		replace(index, 'ns/a', undefined)
		expect(isLed(index)).to.equal(true)
	})

	it('leads from one virtual server to another only while one owner holds both', () => {
		const member = {set: 'KUBE-LVS-INSIDE', entry: 'marked'}
		const twoFaced = (key: string, createdAt: number): ServiceState => {
			const [front, back] = [listener(1, '10.244.0.1:80'), listener(2, '10.244.0.2:80')]
			const listeners = [{...front, inside: {server: back.state.server.key, member}}, back]
			return {...stateOf(key, createdAt, []), listeners}
		}
		const index = indexOf(twoFaced('ns/a', 2))
		const isLed = () => index.members.get('KUBE-LVS-INSIDE')?.has('marked') ?? false
		expect(isLed()).to.equal(true)
		// The older one takes the second virtual server: what leads there would lead to another Service.
		const delta = replace(index, 'ns/bb', stateOf('ns/bb', 1, [2]))
		expect(isLed()).to.equal(false)
		expect(delta.members.get('KUBE-LVS-INSIDE')).to.deep.equal(new Set(['marked']))
		replace(index, 'ns/bb', undefined)
		expect(isLed()).to.equal(true)
		replace(index, 'ns/a', undefined)
		expect(isLed()).to.equal(false)
	})
})

/** Gives what that has touched. */
const replace = (index: OwnerIndex, key: string, next: ServiceState | undefined) => {
	const scope = new GrowingScope()
	const owners = new Set<string>()
	index.replace(key, next, {owners, scope})
	return {owners, ...scope}
}

const conflictsIn = (index: OwnerIndex): readonly string[] =>
	OWNERS.map(owner => JSON.stringify(index.conflictsOf(owner)))

type Tables = ReturnType<typeof tablesOf>

const expectInDelta = (delta: ReturnType<typeof replace>, before: Tables, after: Tables): void => {
	for (const changed of difference(before.virtualServers, after.virtualServers)) {
		expect(delta.virtualServers).to.include(changed.split(',')[0])
	}
	for (const vip of difference(before.vips, after.vips)) {
		expect(delta.vips).to.include(address(vip))
	}
	for (const member of difference(before.members, after.members)) {
		const [set = '', entry = ''] = member.split(' ')
		expect(delta.members.get(set)).to.include(entry)
	}
}

const difference = (a: readonly string[], b: readonly string[]): ReadonlySet<string> =>
	new Set(a).symmetricDifference(new Set(b))
