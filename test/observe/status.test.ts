import {expect} from 'chai'
import {describeStatus, type VirtualServerStatus} from '../../src/observe/status.ts'
import {setName} from '../../src/state/ipset.ts'
import {steeringKey, steeringOf} from '../../src/state/steering.ts'
import {FIXED, framedKernel} from '../plan/build.ts'
import {address, realServer, serverState, virtualServer} from '../state/build.ts'

const [WEB, DNS, FOREIGN] = ['tcp 10.96.0.10:80', 'udp 10.96.0.2:53', 'tcp 198.51.100.1:80'] as const

const COUNTERS = {activeConnections: 3, inactiveConnections: 4}

const KERNEL = framedKernel({
	servers: [
		serverState(virtualServer(WEB, {scheduler: 'wrr', persistence: {timeoutSeconds: 600, prefixLength: 32}}), [
			realServer('10.244.1.9:80', {weight: 0}),
			realServer('10.244.1.5:80', {
				forwarding: 'tunnel',
				tunnel: {type: 'gue', port: 6080, checksum: 'none'},
				limits: {upper: 10, lower: 5},
			}),
		]),
		serverState(virtualServer(FOREIGN), ['198.51.100.2:80']),
		serverState(virtualServer(DNS)),
	],
	bindings: new Map([
		[address('10.96.0.2'), 'route'],
		[address('10.96.0.10'), 'address'],
	]),
	members: {[setName('CLUSTER-IP', 'ipv4')]: ['10.96.0.10,tcp:80', '10.96.0.2,udp:53']},
	counters: new Map([[WEB, new Map([['10.244.1.9:80', COUNTERS]])]]),
})

const OWNERS = new Map([[WEB, 'ns/web']])

const status = describeStatus(KERNEL, OWNERS, FIXED.claims)

describe('the status of a node', () => {
	const find = (name: string): VirtualServerStatus | undefined =>
		status.virtualServers.find(server => server.name === name)

	it('has our virtual servers in order, and those of others apart', () => {
		expect(status.virtualServers.map(({name}) => name)).to.deep.equal([WEB, DNS])
		expect(status.foreign.virtualServers.map(({name, service}) => [name, service])).to.deep.equal([
			[FOREIGN, undefined],
		])
	})

	it('tells of a virtual server whose it is, as far as that is known, and how it balances', () => {
		expect(find(WEB)).to.include({service: 'ns/web', scheduler: 'wrr', persistenceSeconds: 600})
		expect(find(WEB)?.listen).to.deep.equal({
			...{kind: 'address', protocol: 'tcp', address: '10.96.0.10', port: 80},
		})
		expect(find(DNS)).to.include({service: undefined, scheduler: 'rr', persistenceSeconds: undefined})
	})

	it('tells of real servers their settings and connections, in order', () => {
		expect(find(WEB)?.realServers).to.deep.equal([
			{
				...{name: '10.244.1.5:80', forwarding: 'tunnel', weight: 1},
				...{tunnel: {type: 'gue', port: 6080, checksum: 'none'}, limits: {upper: 10, lower: 5}},
				...{activeConnections: 0, inactiveConnections: 0},
			},
			{name: '10.244.1.9:80', forwarding: 'masquerade', weight: 0, ...COUNTERS},
		])
	})

	it('tells how VIPs are bound, in order', () => {
		expect(status.vips).to.deep.equal([
			{address: '10.96.0.10', binding: 'address'},
			{address: '10.96.0.2', binding: 'route'},
		])
	})

	it('tells how many members each set of ours has, and names those of others', () => {
		const theirs = [...KERNEL.sets.values()].map(set => ({...set, definition: {...set.definition, name: 'THEIRS'}}))
		const sets = new Map([...KERNEL.sets.values(), ...theirs].map(set => [set.definition.name, set]))
		const {sets: ours, foreign} = describeStatus({...KERNEL, sets}, OWNERS, FIXED.claims)
		expect(ours.find(({name}) => name === 'KUBE-CLUSTER-IP')).to.deep.equal({
			...{name: 'KUBE-CLUSTER-IP', type: 'hash:ip,port', members: 2},
		})
		expect(ours).to.have.length(KERNEL.sets.size)
		expect(foreign.sets).to.deep.equal(['THEIRS'])
	})

	it('tells what steers marked packets, in order', () => {
		const parts = steeringOf('ipv4', 14).map((part): [string, typeof part] => [steeringKey(part), part])
		const keys = parts.map(([key]) => key)
		expect(keys).to.have.length.above(1)
		for (const steering of [new Map(parts), new Map(parts.toReversed())]) {
			expect(describeStatus({...KERNEL, steering}, OWNERS, FIXED.claims).steering).to.deep.equal(keys.toSorted())
		}
	})
})
