import {expect} from 'chai'
import fc from 'fast-check'
import {Mirror} from '../../src/plan/mirror.ts'
import type {Operation} from '../../src/plan/operation.ts'
import type {ActualState} from '../../src/state/node-state.ts'
import {address, realServer, serverState, virtualServer} from '../state/build.ts'
import {FIXED, framedKernel, recorded} from './build.ts'

const HOSTS = [1, 2, 3]
const SETS = ['KUBE-CLUSTER-IP', 'LVS-MARK'] as const

const anyHosts = fc.uniqueArray(fc.constantFrom(...HOSTS))

const serverOf = (host: number) => virtualServer(`tcp 10.96.0.${host}:80`)
const vipOf = (host: number) => address(`10.96.0.${host}`)
const entryOf = (set: string, host: number) => `10.96.0.${host},tcp:80${set === 'LVS-MARK' ? ' skbmark 0x1/0x1' : ''}`

/** New objects each time, as a kernel that is read gives them. */
const stateOf = (hosts: {readonly servers: readonly number[]; readonly others: readonly number[]}): ActualState =>
	framedKernel({
		servers: hosts.servers.map(host => serverState(serverOf(host), ['10.244.1.1:80'])),
		bindings: new Map(hosts.others.map(host => [vipOf(host), host === 1 ? 'address' : 'route'])),
		members: Object.fromEntries(SETS.map(set => [set, hosts.others.map(host => entryOf(set, host))])),
	})

const anyState = fc.record({servers: anyHosts, others: anyHosts}).map(hosts => () => stateOf(hosts))

const anyOperation: fc.Arbitrary<Operation> = fc
	.record({
		host: fc.constantFrom(...HOSTS),
		set: fc.constantFrom(...SETS),
		kind: fc.constantFrom<Operation['kind'][]>(
			'add-virtual-server',
			'delete-virtual-server',
			'add-real-server',
			'drain-real-server',
			'delete-real-server',
			'bind-vip',
			'unbind-vip',
			'add-set-entry',
			'delete-set-entry',
		),
	})
	.map(({host, set, kind}) => {
		const server = serverOf(host)
		const definition = FIXED.sets.get(set)
		const weight = kind === 'drain-real-server' ? 0 : 1
		return {
			kind,
			server,
			realServer: realServer('10.244.1.2:80', {weight}),
			address: vipOf(host),
			binding: 'route',
			definition,
			entry: entryOf(set, host),
		} as unknown as Operation
	})

/** All that can be asked of it, in an order of its own. */
const contentOf = ({virtualServers, bindings, sets, hasDevice}: ActualState) => {
	const sorted = (keys: Iterable<string>) => [...keys].sort()
	return {
		hasDevice,
		servers: sorted(virtualServers.keys()).map(key => {
			const {server, realServers} = virtualServers.get(key) ?? {}
			return [server, sorted(realServers?.keys() ?? []).map(key => realServers?.get(key))]
		}),
		bindings: sorted(bindings.keys()).map(key => [key, bindings.get(address(key))]),
		sets: sorted(sets.keys()).map(name => [name, sets.get(name)?.definition, sorted(sets.get(name)?.entries ?? [])]),
	}
}

describe('a mirror', () => {
	it('has what was read, and what was done meanwhile', () => {
		const operations = fc.array(anyOperation, {maxLength: 6})
		fc.assert(
			fc.property(anyState, anyState, operations, operations, (before, found, earlier, meanwhile) => {
				const mirror = new Mirror(recorded(before(), earlier))
				mirror.beginJournal()
				for (const operation of meanwhile) {
					mirror.record(operation)
				}
				mirror.refresh(found())
				const fresh = recorded(found(), meanwhile) as Mirror
				expect(contentOf(mirror)).to.deep.equal(contentOf(fresh))
				expect(mirror.bindings.addressCounts).to.deep.equal(fresh.bindings.addressCounts)
			}),
		)
	})

	it('keeps its tables while what is read is the same', () => {
		const read = () => stateOf({servers: HOSTS, others: HOSTS})
		const mirror = new Mirror(read())
		const tables = () => [
			mirror.virtualServers,
			mirror.bindings,
			...mirror.sets.keys(),
			...[...mirror.sets.values()].map(({entries}) => entries),
		]
		const before = tables()
		mirror.refresh(read())
		for (const [at, table] of tables().entries()) {
			expect(table).to.equal(before[at])
		}
	})

	it('has a set that was made anew as another kind with the members of that', () => {
		const mirror = new Mirror(stateOf({servers: [], others: [1, 2]}))
		const definition = {
			name: 'KUBE-CLUSTER-IP',
			type: 'hash:ip',
			family: 'ipv4',
			maxElements: 8,
			hasMarks: false,
		} as const
		mirror.refresh({sets: new Map([[definition.name, {definition, entries: new Set(['10.96.0.3'])}]])})
		expect([...mirror.sets]).to.deep.equal([[definition.name, {definition, entries: new Set(['10.96.0.3'])}]])
	})

	it('leaves alone what a part that was read says nothing of', () => {
		const state = stateOf({servers: HOSTS, others: HOSTS})
		const mirror = new Mirror(state)
		mirror.refresh({sysctls: new Map([['net/ipv4/vs/conntrack', '1']])})
		expect(contentOf(mirror)).to.deep.equal(contentOf(new Mirror(state)))
		expect([...mirror.sysctls]).to.deep.equal([['net/ipv4/vs/conntrack', '1']])
	})
})
