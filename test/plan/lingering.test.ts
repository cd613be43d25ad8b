import {expect} from 'chai'
import type {Family} from '../../src/net/address.ts'
import {formatOperation} from '../../src/plan/format-operation.ts'
import {keptBy, scopeOfKept} from '../../src/plan/lingering.ts'
import {lettingGo, makePlan} from '../../src/plan/plan.ts'
import {markedEntry} from '../../src/state/ipset.ts'
import type {Counters} from '../../src/state/ipvs.ts'
import {encodeMark, markMask} from '../../src/state/mark.ts'
import type {ActualState, Neighbours} from '../../src/state/node-state.ts'
import {address, realServer, serverState, virtualServer, withKey} from '../state/build.ts'
import {FIXED, framedKernel, planOptions, planWhole, wanted} from './build.ts'

const KEY = 'tcp 10.96.0.10:80'
const BUSY: Counters = {activeConnections: 1, inactiveConnections: 0}
const IDLE: Counters = {activeConnections: 0, inactiveConnections: 0}

/** A ClusterIP with one real server, whose Service is gone. */
const kernelWith = (weight: number, counters?: Counters, protocol = 'tcp') =>
	framedKernel({
		servers: [serverState(virtualServer(`${protocol} 10.96.0.10:80`), [realServer('10.244.1.5:80', {weight})])],
		bindings: new Map([[address('10.96.0.10'), 'address']]),
		members: {'KUBE-CLUSTER-IP': [`10.96.0.10,${protocol}:80`], 'KUBE-IPVS-IPS': ['10.96.0.10']},
		counters: new Map(counters ? [[`${protocol} 10.96.0.10:80`, new Map([['10.244.1.5:80', counters]])]] : []),
	})

const GONE = [
	'unbind-vip 10.96.0.10 (address)',
	`delete-virtual-server ${KEY}`,
	'delete-set-entry KUBE-CLUSTER-IP 10.96.0.10,tcp:80',
	'delete-set-entry KUBE-IPVS-IPS 10.96.0.10',
]
const NOTHING = wanted({})

describe('a virtual server that is no longer wanted', () => {
	it('drains first, and keeps its VIP and its set members meanwhile', () => {
		expect(planWhole(NOTHING, kernelWith(1, BUSY)).map(formatOperation)).to.deep.equal([
			`drain-real-server ${KEY} -> 10.244.1.5:80`,
		])
		expect(planWhole(NOTHING, kernelWith(0, BUSY))).to.deep.equal([])
	})

	it('is let go where the rules stand, and the rules of the other family are not tried meanwhile', () => {
		const gone = (standing: Family) => {
			const actual = kernelWith(0, IDLE)
			const tables = new Map([...actual.tables].filter(([family]) => family === standing))
			return lettingGo(planWhole(NOTHING, {...actual, tables})).map(formatOperation)
		}
		expect(gone('ipv4')).to.deep.equal(GONE)
		expect(gone('ipv6')).to.deep.equal([])
	})

	it('stays as long as its connections are not known', () => {
		expect(planWhole(NOTHING, kernelWith(0))).to.deep.equal([])
	})

	it('goes with all that belongs to it when its connections are gone', () => {
		expect(planWhole(NOTHING, kernelWith(0, IDLE)).map(formatOperation)).to.deep.equal(GONE)
	})

	it('goes when it has drained for long enough', () => {
		const actual = kernelWith(0, BUSY)
		const scope = {
			virtualServers: new Set([KEY]),
			...scopeOfKept(keptBy([virtualServer(KEY)], NOTHING, actual, []), FIXED, actual),
		}
		const options = planOptions({expired: new Set([`${KEY} 10.244.1.5:80`])})
		expect(makePlan(scope, NOTHING, actual, options).map(formatOperation)).to.deep.equal(GONE)
	})

	it('keeps its VIP, too, when only the VIP is looked at', () => {
		const vips = new Set([address('10.96.0.10')])
		const scope = {virtualServers: new Set<string>(), vips, members: new Map()}
		const actual = kernelWith(0, BUSY)
		expect(makePlan(scope, NOTHING, actual, planOptions({draining: new Set([KEY])}))).to.deep.equal([])
		expect(makePlan(scope, NOTHING, actual, planOptions()).map(formatOperation)).to.deep.equal([
			'unbind-vip 10.96.0.10 (address)',
		])
	})

	it('keeps what tells that it is ours, also where nobody looks at it: an earlier attempt may have failed', () => {
		const actual = framedKernel({
			servers: ['192.0.2.10', '192.0.2.11'].map(host => serverState(virtualServer(`udp ${host}:30053`), [])),
			members: {'KUBE-NODE-PORT-UDP': ['30053']},
			hostAddresses: ['192.0.2.10', '192.0.2.11'].map(address),
		})
		const members = new Map([['KUBE-NODE-PORT-UDP', new Set(['30053'])]])
		const scope = {virtualServers: new Set(['udp 192.0.2.10:30053']), vips: new Set<never>(), members}
		expect(makePlan(scope, NOTHING, actual, planOptions()).map(formatOperation)).to.deep.equal([
			'delete-virtual-server udp 192.0.2.10:30053',
			'delete-flows udp 192.0.2.10 30053',
		])
		expect(planWhole(NOTHING, actual).map(formatOperation)).to.include('delete-set-entry KUBE-NODE-PORT-UDP 30053')
	})

	it('goes at once, and its flows after it, where connections have no end', () => {
		expect(planWhole(NOTHING, kernelWith(1, BUSY, 'udp')).map(formatOperation)).to.deep.equal([
			...GONE.map(line => line.replace('tcp', 'udp')),
			'delete-flows udp 10.96.0.10 80',
		])
	})

	it('of a firewall mark keeps the VIPs that lead to it', () => {
		const mark = encodeMark({kind: 'inside', protocol: 'tcp', isHashed: false, number: 30080}, 14)
		const entry = markedEntry('203.0.113.5,tcp:80', mark, markMask('inside', 14))
		const server = withKey({kind: 'firewall-mark', family: 'ipv4', mark})
		const actual = framedKernel({
			servers: [serverState(server, [realServer('10.244.2.5:80', {weight: 0})])],
			bindings: new Map([[address('203.0.113.5'), 'address']]),
			members: {'KUBE-LVS-INSIDE': [entry], 'KUBE-LOAD-BALANCER': ['203.0.113.5,tcp:80']},
			counters: new Map([[server.key, new Map([['10.244.2.5:80', BUSY]])]]),
		})
		expect(planWhole(NOTHING, actual)).to.deep.equal([])
		expect(
			scopeOfKept(keptBy([server], NOTHING, actual, []), FIXED, actual).members.get('KUBE-LVS-INSIDE'),
		).to.deep.equal(new Set([entry]))
	})

	it('of a firewall mark keeps nothing of a VIP that from now on leads to another', () => {
		const [mark, other] = [30_080, 30_081].map(number =>
			encodeMark({kind: 'inside', protocol: 'tcp', isHashed: false, number}, 14),
		)
		const entry = (mark = 0) => markedEntry('203.0.113.5,tcp:80', mark, markMask('inside', 14))
		const server = withKey({kind: 'firewall-mark', family: 'ipv4', mark: mark ?? 0})
		const actual = framedKernel({
			servers: [serverState(server, [realServer('10.244.2.5:80', {weight: 0})])],
			members: {'KUBE-LVS-INSIDE': [entry(mark)], 'KUBE-EXTERNAL-IP-LOCAL': ['203.0.113.5,tcp:80']},
			counters: new Map([[server.key, new Map([['10.244.2.5:80', BUSY]])]]),
		})
		expect(
			planWhole(wanted({members: {'KUBE-LVS-INSIDE': [entry(other)]}}), actual).map(formatOperation),
		).to.deep.equal([
			`add-set-entry KUBE-LVS-INSIDE ${entry(other)}`,
			'delete-set-entry KUBE-EXTERNAL-IP-LOCAL 203.0.113.5,tcp:80',
		])
	})

	const VIP = address('10.96.0.10')
	const CLAIMED: Readonly<Record<string, readonly [Partial<Neighbours>, Partial<ActualState>]>> = {
		'another node': [{nodes: new Set([VIP])}, {}],
		'an API server on any port': [{apiServers: [{address: VIP, port: 6443}]}, {}],
		'a gateway': [{}, {gateways: new Set([VIP])}],
	}
	for (const [title, [neighbours, actual]] of Object.entries(CLAIMED)) {
		it(`goes at once where it is in the way of ${title}`, () => {
			const operations = planWhole(wanted({neighbours}), {...kernelWith(1, BUSY), ...actual})
			expect(operations.map(formatOperation)).to.deep.equal(GONE)
		})
	}

	it('goes at once where it is in the way of an API server of this node, and drains on other ports', () => {
		const actual = {...kernelWith(1, BUSY), bindings: new Map(), hostAddresses: new Set([VIP])}
		const plan = (port: number) =>
			planWhole(wanted({neighbours: {apiServers: [{address: VIP, port}]}}), actual).map(formatOperation)
		expect(plan(80)).to.include(`delete-virtual-server ${KEY}`)
		expect(plan(6443)).to.include(`drain-real-server ${KEY} -> 10.244.1.5:80`)
	})

	it('keeps no binding of an address that the node itself has by now, but what else it needs to drain', () => {
		const actual = {...kernelWith(0, BUSY), hostAddresses: new Set([VIP])}
		expect(planWhole(NOTHING, actual).map(formatOperation)).to.deep.equal([
			'unbind-vip 10.96.0.10 (address)',
			'delete-set-entry KUBE-IPVS-IPS 10.96.0.10',
		])
	})

	it('of a firewall mark keeps nothing of a VIP that is served for everybody from now on', () => {
		const mark = encodeMark({kind: 'inside', protocol: 'tcp', isHashed: false, number: 30_080}, 14)
		const entries = ['203.0.113.5,tcp:80', '192.0.2.10,tcp:30080'].map(text =>
			markedEntry(text, mark, markMask('inside', 14)),
		)
		const real = realServer('10.244.2.5:80', {weight: 0})
		const mine = ['tcp 203.0.113.5:80', 'tcp 192.0.2.10:30080'].map(key => serverState(virtualServer(key), []))
		const server = withKey({kind: 'firewall-mark', family: 'ipv4', mark})
		const frame = {
			servers: [...mine, serverState(server, [real])],
			bindings: new Map([[address('203.0.113.5'), 'address' as const]]),
			counters: new Map([[server.key, new Map([['10.244.2.5:80', BUSY]])]]),
		}
		const members = {'KUBE-LOAD-BALANCER': ['203.0.113.5,tcp:80'], 'KUBE-NODE-PORT-TCP': ['30080']}
		const local = {'KUBE-LOAD-BALANCER-LOCAL': ['203.0.113.5,tcp:80'], 'KUBE-NODE-PORT-LOCAL-TCP': ['30080']}
		const actual = framedKernel({...frame, members: {...members, ...local, 'KUBE-LVS-INSIDE': entries}})
		const want = wanted({servers: mine, vips: [address('203.0.113.5')], members})
		expect(planWhole(want, actual).map(formatOperation).sort()).to.deep.equal([
			'delete-set-entry KUBE-LOAD-BALANCER-LOCAL 203.0.113.5,tcp:80',
			`delete-set-entry KUBE-LVS-INSIDE ${entries[1]}`,
			`delete-set-entry KUBE-LVS-INSIDE ${entries[0]}`,
			'delete-set-entry KUBE-NODE-PORT-LOCAL-TCP 30080',
		])
	})

	it('of a firewall mark keeps no VIP that is in the way of another node', () => {
		const mark = encodeMark({kind: 'inside', protocol: 'tcp', isHashed: false, number: 30080}, 14)
		const entry = markedEntry('10.96.0.10,tcp:80', mark, markMask('inside', 14))
		const server = withKey({kind: 'firewall-mark', family: 'ipv4', mark})
		const actual = framedKernel({
			servers: [serverState(server, [realServer('10.244.2.5:80', {weight: 0})])],
			bindings: new Map([[VIP, 'address']]),
			members: {'KUBE-LVS-INSIDE': [entry]},
			counters: new Map([[server.key, new Map([['10.244.2.5:80', BUSY]])]]),
		})
		expect(planWhole(wanted({neighbours: {nodes: new Set([VIP])}}), actual).map(formatOperation)).to.deep.equal([
			'unbind-vip 10.96.0.10 (address)',
			`delete-set-entry KUBE-LVS-INSIDE ${entry}`,
		])
	})

	it('keeps the source ranges of its address: they hold for connections that are there, too', () => {
		const members = {
			'KUBE-LOAD-BALANCER-FW': ['10.96.0.10,tcp:80'],
			'KUBE-LOAD-BALANCER-SOURCE-CIDR': ['10.96.0.10,tcp:80,198.51.100.0/24'],
		}
		const actual = {...kernelWith(0, BUSY), sets: framedKernel({members}).sets}
		expect(planWhole(NOTHING, actual)).to.deep.equal([])
		expect(
			[...scopeOfKept(keptBy([virtualServer(KEY)], NOTHING, actual, []), FIXED, actual).members.values()].flatMap(
				set => [...set],
			),
		).to.have.members(['10.96.0.10,tcp:80', '10.96.0.10,tcp:80,198.51.100.0/24'])
	})
})
