import {expect} from 'chai'
import {DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {lackingFeatures} from '../../src/desired/features.ts'
import {compileService} from '../../src/desired/service.ts'
import {formatProblem} from '../../src/model/problem.ts'
import type {Service} from '../../src/model/service.ts'
import {spanMembers} from '../../src/state/span.ts'
import {nodeContext, service, servicePort, slice} from '../model/build.ts'
import {address} from '../state/build.ts'

type Annotations = Readonly<Record<string, string>>

const PORTS = [
	servicePort({name: 'p', port: 8080, nodePort: 30_080}),
	servicePort({name: 'u', protocol: 'udp', port: 53, nodePort: 30_053}),
]
const SLICES = [
	slice('a', ['10.244.1.5', '10.244.2.5'], {
		ports: [
			{name: 'p', protocol: 'tcp', port: 8080},
			{name: 'u', protocol: 'udp', port: 53},
		],
	}),
]

const compile = (annotations: Annotations, settings: Partial<Service> = {}, node = nodeContext()) => {
	const named = Object.entries(annotations).map(([name, value]) => [`kube-lvs.io/${name}`, value] as const)
	const given = service({ports: PORTS, annotations: new Map(named), ...settings})
	const {state, problems} = compileService(given, SLICES, node, DEFAULT_CONFIG)
	const listeners = state?.listeners ?? []
	return {
		problems: problems.map(formatProblem),
		steered: listeners
			.filter(({steered}) => steered)
			.map(({state: {server, realServers}}) => ({
				flags: server.flags,
				realServers: [...realServers.values()].map(({weight, ...realServer}) => realServer),
			})),
		others: listeners.flatMap(({state: {server, realServers}, steered}) =>
			steered ? [] : [...realServers.values()].map(({key, forwarding}) => `${server.key} ${key} ${forwarding}`),
		),
		vips: [
			...listeners.flatMap(({vip}) => vip ?? []),
			...(state?.spans ?? []).flatMap(({address, isBound}) => (isBound ? [address] : [])),
		],
		members: [
			...new Set(
				[...(state?.members ?? []), ...(state?.spans ?? []).flatMap(spanMembers)].map(
					({set, entry}) => `${set} ${entry.replace(/ skbmark.*/, '')}`,
				),
			),
		],
		flows: listeners.flatMap(({state: {flows}, steered}) => (steered ? [...(flows?.serving.keys() ?? [])] : [])),
	}
}

const real = (host: string, rest: object) => ({key: `${host}:0`, address: host, port: 0, ...rest})
const HOSTS = ['10.244.1.5', '10.244.2.5']

describe('endpoints that answer by themselves', () => {
	it('are real servers by direct routing behind a mark, and the VIP is not bound', () => {
		const {steered, vips, members, problems} = compile({'forwarding-method': 'direct-routing'})
		expect(steered).to.deep.equal([
			{flags: [], realServers: HOSTS.map(host => real(host, {forwarding: 'direct-routing'}))},
		])
		expect(vips).to.deep.equal([])
		expect(members).to.include.members([
			'KUBE-LVS-MARK 10.96.0.10,tcp:8080',
			'KUBE-LVS-MARK 10.96.0.10,udp:53',
			'KUBE-LVS-STEERED 10.96.0.10',
		])
		expect(members.filter(member => /IPVS-IPS|TUNNEL/.test(member))).to.deep.equal([])
		expect(problems).to.deep.equal([])
	})

	for (const [annotations, tunnel] of [
		[{}, {type: 'ipip', port: 0, checksum: 'none'}],
		[
			{'tunnel-type': 'gre', 'tunnel-checksum': 'checksum'},
			{type: 'gre', port: 0, checksum: 'checksum'},
		],
		[{'tunnel-type': 'gue'}, {type: 'gue', port: 6080, checksum: 'none'}],
		[
			{'tunnel-type': 'gue', 'tunnel-port': '7', 'tunnel-checksum': 'remote-checksum'},
			{type: 'gue', port: 7, checksum: 'remote-checksum'},
		],
	] as const) {
		it(`are reached by a tunnel as annotated: ${JSON.stringify(annotations)}`, () => {
			const {steered, members, problems} = compile({'forwarding-method': 'tunnel', ...annotations})
			expect(steered[0]?.realServers).to.deep.equal(HOSTS.map(host => real(host, {forwarding: 'tunnel', tunnel})))
			expect(members).to.include('KUBE-LVS-TUNNEL 10.96.0.10')
			expect(problems).to.deep.equal([])
		})
	}

	it('are masqueraded on node ports, and on addresses that the node has itself', () => {
		const own = address('192.0.2.10')
		const {others, vips} = compile(
			{'forwarding-method': 'direct-routing'},
			{type: 'NodePort', externalIPs: [own, address('203.0.113.5')]},
			nodeContext({ownAddresses: new Set([own]), nodePortAddresses: [own]}),
		)
		expect(others).to.include.members([
			'tcp 192.0.2.10:30080 10.244.1.5:8080 masquerade',
			'tcp 192.0.2.10:8080 10.244.1.5:8080 masquerade',
		])
		expect(others.filter(line => !/ masquerade$/.test(line) || /203\.0\.113|10\.96/.test(line))).to.deep.equal([])
		expect(vips).to.deep.equal([])
	})

	it('are masqueraded on ClusterIPs, where external addresses alone are to be forwarded', () => {
		const {steered, others, vips, members, problems} = compile(
			{'forwarding-method': 'tunnel', 'forwarding-addresses': 'external', 'one-packet': 'true'},
			{externalIPs: [address('203.0.113.5')]},
		)
		expect(others.filter(line => !/:30\d\d\d /.test(line))).to.have.members(
			HOSTS.flatMap(host => [`tcp 10.96.0.10:8080 ${host}:8080 masquerade`, `udp 10.96.0.10:53 ${host}:53 masquerade`]),
		)
		expect(steered).to.have.length(1)
		expect(vips).to.include('10.96.0.10').and.not.include('203.0.113.5')
		expect(members.filter(member => /STEERED|TUNNEL|MARK /.test(member))).to.have.members([
			'KUBE-LVS-STEERED 203.0.113.5',
			'KUBE-LVS-TUNNEL 203.0.113.5',
			'KUBE-LVS-MARK 203.0.113.5,tcp:8080',
			'KUBE-LVS-MARK 203.0.113.5,udp:53',
		])
		expect(problems).to.deep.equal([])
		const alone = compile({'forwarding-method': 'tunnel', 'forwarding-addresses': 'external'})
		expect(alone.steered).to.deep.equal([])
		expect(alone.others).to.deep.equal(others)
	})

	it('are those of this node alone for clients outside, with externalTrafficPolicy Local', () => {
		const {steered} = compile(
			{'forwarding-method': 'direct-routing'},
			{type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerIPs: [address('203.0.113.5')]},
		)
		expect(steered.map(({realServers}) => realServers.map(({address}) => address))).to.have.deep.members([
			HOSTS,
			['10.244.1.5'],
		])
	})

	it('keep the flows that the VIP answers itself', () => {
		expect(compile({'forwarding-method': 'direct-routing'}).flows).to.include('10.96.0.10:0')
	})

	it('can get each packet of UDP on its own', () => {
		expect(compile({'forwarding-method': 'tunnel', 'one-packet': 'true'}).steered[0]?.flags).to.deep.equal([
			'one-packet',
		])
	})

	it('are masqueraded where the kernel of this node cannot steer their packets', () => {
		const node = nodeContext({lacking: new Set(lackingFeatures({kernelVersion: [6, 1], hasPolicyRules: false}))})
		const {steered, vips, problems} = compile({'forwarding-method': 'direct-routing', 'one-packet': 'true'}, {}, node)
		expect([steered, vips]).to.deep.equal([[], ['10.96.0.10', '10.96.0.10']])
		expect(problems).to.have.length(2)
		expect(problems.join()).to.include('has no policy rules')
	})

	it('need targetPort to be port: otherwise all is masqueraded, and it is said why', () => {
		const ports = [servicePort({name: 'p', port: 80}), servicePort({name: 'u', protocol: 'udp', port: 53})]
		const {steered, others, vips, problems} = compile({'forwarding-method': 'tunnel', 'one-packet': 'true'}, {ports})
		expect(steered).to.deep.equal([])
		expect(others).to.include('udp 10.96.0.10:53 10.244.1.5:53 masquerade')
		expect(vips).to.include('10.96.0.10')
		expect(
			problems.map(problem => /annotations\[kube-lvs.io\/([a-z-]+)\]: "(\w+)" is ignored/.exec(problem)?.slice(1)),
		).to.deep.equal([
			['forwarding-method', 'tunnel'],
			['one-packet', 'true'],
		])
		expect(problems[0]).to.include('10.244.1.5 serves port p (80) as 8080')
	})
})
