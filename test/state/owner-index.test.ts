import {expect} from 'chai'
import fc from 'fast-check'
import type {ServiceTables} from '../../src/state/node-state.ts'
import {type Delta, OwnerIndex} from '../../src/state/owner-index.ts'
import type {Listener, ServiceState} from '../../src/state/service-state.ts'
import {address, serverState, virtualServer, withKey} from './build.ts'

/** A listener on 10.96.0.`host`, with a set member; its real server tells whose it is. */
const listener = (host: number, realServer: string): Listener => ({
	state: serverState(virtualServer(`tcp 10.96.0.${host}:80`), [realServer]),
	vip: address(`10.96.0.${host}`),
	members: [{set: 'KUBE-CLUSTER-IP', entry: `10.96.0.${host},tcp:80`}],
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
		index.replace(state.owner.key, state)
	}
	return index
}

const OWNERS = ['ns/a', 'ns/bb', 'ns/ccc', 'ns/dddd'] as const

/** What four Services could ask for, few enough to get into each other's way. */
const anyState = (key: string): fc.Arbitrary<ServiceState> =>
	fc
		.tuple(fc.nat(2), fc.uniqueArray(fc.nat(3)), fc.uniqueArray(fc.constantFrom('x', 'y')))
		.map(([createdAt, hosts, members]) => stateOf(key, createdAt, hosts, members))

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
		index.replace('ns/a', undefined)
		expect(tablesOf(index)).to.deep.equal({virtualServers: [], vips: [], members: []})
	})

	it('gives a virtual server that two claim to the older one, and tells the other', () => {
		const index = indexOf(stateOf('ns/a', 2, [1]), stateOf('ns/b', 1, [1]))
		expect(index.holderOf('tcp 10.96.0.1:80')).to.equal('ns/b')
		expect(index.conflictsOf('ns/a')).to.deep.equal([{server: 'tcp 10.96.0.1:80', holder: 'ns/b'}])
		expect(index.conflictsOf('ns/b')).to.deep.equal([])
	})

	it('gives it to the first by name where both are of the same age', () => {
		expect(indexOf(stateOf('ns/b', 1, [1]), stateOf('ns/a', 1, [1])).holderOf('tcp 10.96.0.1:80')).to.equal('ns/a')
	})

	it('gives it to the next when the holder goes, and names both as touched', () => {
		const index = indexOf(stateOf('ns/a', 2, [1]), stateOf('ns/b', 1, [1]))
		const delta = index.replace('ns/b', undefined)
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
		index.replace('ns/a', undefined)
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
		index.replace('ns/a', undefined)
		expect([...index.steered.keys()]).to.deep.equal(['ipv4'])
		index.replace('ns/b', withListeners('ns/b', listener(2, '10.244.1.5:80')))
		expect([...index.steered.keys()]).to.deep.equal([])
	})

	it('ends in the same tables in whatever order the states came, and however often they changed before', () => {
		fc.assert(
			fc.property(fc.array(anyChange, {maxLength: 15}), fc.tuple(...OWNERS.map(anyState)), (history, final) => {
				const lived = new OwnerIndex()
				for (const [key, state] of history) {
					lived.replace(key, state)
				}
				for (const state of final.toReversed()) {
					lived.replace(state.owner.key, state)
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
					index.replace(key, state)
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
					const delta = index.replace(key, state)
					expectInDelta(delta, before, tablesOf(index))
					const changed = OWNERS.filter((_, at) => conflicts[at] !== conflictsIn(index)[at])
					expect([...delta.owners]).to.include.members(changed)
				}
			}),
		)
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
		const delta = index.replace('ns/bb', stateOf('ns/bb', 1, [2]))
		expect(isLed()).to.equal(false)
		expect(delta.members.get('KUBE-LVS-INSIDE')).to.deep.equal(new Set(['marked']))
		index.replace('ns/bb', undefined)
		expect(isLed()).to.equal(true)
		index.replace('ns/a', undefined)
		expect(isLed()).to.equal(false)
	})
})

const conflictsIn = (index: OwnerIndex): readonly string[] =>
	OWNERS.map(owner => JSON.stringify(index.conflictsOf(owner)))

type Tables = ReturnType<typeof tablesOf>

const expectInDelta = (delta: Delta, before: Tables, after: Tables): void => {
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
