import {expect} from 'chai'
import type {Address} from '../../src/net/address.ts'
import {renewFlows} from '../../src/plan/conntrack.ts'
import {formatOperation} from '../../src/plan/format-operation.ts'
import {markedTargets} from '../../src/plan/marked.ts'
import {makePlan} from '../../src/plan/plan.ts'
import {markedEntry} from '../../src/state/ipset.ts'
import type {Counters, FlowTarget} from '../../src/state/ipvs.ts'
import {encodeMark, type GroupFace, markMask} from '../../src/state/mark.ts'
import {address, realServer, serverState, virtualServer, withKey} from '../state/build.ts'
import {framedKernel, planOptions, planWhole, wanted} from './build.ts'

const VIP = address('203.0.113.5')
const POD = '10.244.1.5:0'

const listenOf = (face: GroupFace = 'cluster') => {
	const mark = encodeMark({kind: 'group', face, isSteered: false, number: 10}, 14)
	return {kind: 'firewall-mark', family: 'ipv4', mark} as const
}
const SERVER = withKey(listenOf())
const leading = (element: string, face?: GroupFace): string =>
	markedEntry(element, listenOf(face).mark, markMask('group', 14))

const BUSY: Counters = {activeConnections: 1, inactiveConnections: 0}

/** A group that serves these elements, with one real server. */
const kernelWith = (elements: readonly string[], weight = 1) =>
	framedKernel({
		servers: [serverState(SERVER, [realServer(POD, {weight})])],
		bindings: new Map([[VIP, 'address']]),
		members: {
			'KUBE-LVS-MARK': elements.filter(element => element.includes(',')).map(element => leading(element)),
			'KUBE-LVS-MARK-IP': elements.filter(element => !element.includes(',')).map(element => leading(element)),
		},
		counters: new Map([[SERVER.key, new Map([[POD, BUSY]])]]),
	})

const target = (protocol: 'tcp' | 'udp', port: number, lastPort?: number): FlowTarget => ({
	...{protocol, address: VIP, port},
	...(lastPort !== undefined && {lastPort}),
})

/** The virtual server as it is wanted, with other real servers. */
const wantedWith = (targets: readonly FlowTarget[], realServers: readonly string[]) => ({
	...serverState(SERVER, realServers),
	flows: {destinations: targets, serving: new Set(realServers)},
})

describe('a group of ports', () => {
	it('serves what sets lead to it, ports in a row as one', () => {
		const elements = [12, 3, 10, 11].map(port => `203.0.113.5,udp:${port}`)
		expect(markedTargets(listenOf(), kernelWith([...elements, '203.0.113.5,tcp:11']), 14)).to.deep.equal([
			target('udp', 3),
			target('udp', 10, 12),
			target('tcp', 11),
		])
		expect(markedTargets(listenOf(), kernelWith(['203.0.113.5']), 14)).to.have.length(3)
		expect(markedTargets(listenOf('external'), kernelWith(elements), 14)).to.deep.equal([])
	})

	it('serves clients inside what leads clients outside elsewhere', () => {
		const actual = framedKernel({members: {'KUBE-LVS-MARK': [leading('203.0.113.5,udp:53', 'external')]}})
		for (const face of ['cluster', 'external'] as const) {
			expect(markedTargets(listenOf(face), actual, 14)).to.deep.equal([target('udp', 53)])
		}
		expect(markedTargets(listenOf('internal'), actual, 14)).to.deep.equal([])
	})

	it('of UDP lets go of a real server at once, and ends the flows to it on every port', () => {
		const targets = [target('udp', 10_000, 10_999)]
		const entries = ['203.0.113.5,udp:10000', '203.0.113.5,udp:10001']
		const want = wanted({
			servers: [wantedWith(targets, ['10.244.2.5:0'])],
			vips: [VIP],
			members: {'KUBE-LVS-MARK': entries.map(entry => leading(entry))},
		})
		expect(planWhole(want, kernelWith(entries)).map(formatOperation)).to.deep.equal([
			`add-real-server ${SERVER.key} -> 10.244.2.5:0 weight 1`,
			`delete-real-server ${SERVER.key} -> ${POD}`,
			'delete-flows udp 203.0.113.5 10000-10999 but to 10.244.2.5',
		])
	})

	it('that has TCP as well drains first', () => {
		const want = wanted({servers: [wantedWith([target('udp', 53), target('tcp', 53)], [])]})
		expect(planWhole(want, kernelWith([])).map(formatOperation)).to.include(`drain-real-server ${SERVER.key} -> ${POD}`)
	})

	it('of UDP that is no longer wanted goes at once, with its flows', () => {
		const plan = planWhole(wanted({}), kernelWith(['203.0.113.5,udp:53', '203.0.113.5,udp:54']))
		expect(plan.map(formatOperation)).to.have.members([
			'unbind-vip 203.0.113.5 (address)',
			`delete-virtual-server ${SERVER.key}`,
			`delete-set-entry KUBE-LVS-MARK ${leading('203.0.113.5,udp:53')}`,
			`delete-set-entry KUBE-LVS-MARK ${leading('203.0.113.5,udp:54')}`,
			'delete-flows udp 203.0.113.5 53-54',
		])
	})

	for (const element of ['203.0.113.5,tcp:80', '203.0.113.5']) {
		it(`that is no longer wanted keeps what leads to it until it has drained: ${element}`, () => {
			expect(planWhole(wanted({}), kernelWith([element])).map(formatOperation)).to.deep.equal([
				`drain-real-server ${SERVER.key} -> ${POD}`,
			])
		})

		it(`that is no longer wanted keeps nothing of what is served otherwise: ${element}`, () => {
			const own = serverState(virtualServer('tcp 203.0.113.5:80'), [])
			const plan = planWhole(wanted({servers: [own], vips: [VIP]}), kernelWith([element], 0))
			expect(plan.map(({kind}) => kind)).to.deep.equal(['add-virtual-server', 'delete-set-entry'])
		})
	}

	const scopeOf = (key: string, ...entries: readonly string[]) => ({
		virtualServers: new Set([key]),
		vips: new Set<Address>(),
		members: new Map([['KUBE-LVS-MARK', new Set(entries)]]),
	})
	const draining = planOptions({draining: new Set([SERVER.key])})

	it('that is wanted again while it drains lets go of the ports that it had before', () => {
		const [old, now] = ['203.0.113.5,tcp:80', '198.51.100.1,tcp:80'].map(element => leading(element)) as [
			string,
			string,
		]
		const want = wanted({servers: [wantedWith([], [])], members: {'KUBE-LVS-MARK': [now]}})
		const plan = makePlan(scopeOf(SERVER.key, now), want, kernelWith(['203.0.113.5,tcp:80'], 0), draining)
		expect(plan.map(formatOperation)).to.deep.equal([
			`add-set-entry KUBE-LVS-MARK ${now}`,
			'unbind-vip 203.0.113.5 (address)',
			`delete-set-entry KUBE-LVS-MARK ${old}`,
		])
	})

	it('that drains lets go of a port at once that somebody else serves from now on', () => {
		const other = serverState(virtualServer('tcp 203.0.113.5:80'))
		const want = wanted({servers: [other], vips: [VIP]})
		const actual = kernelWith(['203.0.113.5,tcp:80', '203.0.113.5,tcp:81'], 0)
		const plan = makePlan(scopeOf(other.server.key), want, actual, draining)
		expect(plan.map(formatOperation)).to.deep.equal([
			'add-virtual-server tcp 203.0.113.5:80 rr',
			`delete-set-entry KUBE-LVS-MARK ${leading('203.0.113.5,tcp:80')}`,
		])
	})

	it('has flows deleted later that could not be deleted at first, but for those to what it serves by now', () => {
		const owed = {protocol: 'udp', vip: VIP, vipPort: 10, lastPort: 12, keep: new Set<string>()} as const
		const want = wanted({servers: [wantedWith([target('udp', 3), target('udp', 10, 12)], [POD])]})
		expect(renewFlows([owed], want, kernelWith([]))).to.deep.equal([{...owed, keep: new Set(['10.244.1.5'])}])
		expect(renewFlows([owed], wanted({}), kernelWith([]))).to.deep.equal([owed])
	})
})
