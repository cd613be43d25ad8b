import {expect} from 'chai'
import {realServer, withKey} from '../state/build.ts'
import {dnsService, dnsSlice, flow, flowsOf} from './flows.ts'
import {askHealthCheck, balanced} from './health-check.ts'
import {BOTH, port, service, slice} from './objects.ts'
import {World, type WorldSettings} from './world.ts'

const SERVER = 'tcp 10.96.0.10:80'
const LEAVING = '10.244.2.5:8080'

/** An entry of docs/differences-from-kube-proxy.md that no row of the acceptance table shows. */
const mended = (
	number: string,
	title: string,
	scenario: (world: World) => Promise<void>,
	settings: WorldSettings = {},
) =>
	it(`${number}: ${title}`, async () => {
		const world = new World(settings, undefined)
		try {
			await scenario(world)
		} finally {
			await world.stop()
		}
	})

describe('faults of kube-proxy that are mended', () => {
	mended('L2', 'a change of endpoints on other nodes starts no process, an audit starts two', async world => {
		world.given(service(), slice())
		await world.settled()
		const programs = () => world.calls().flatMap(call => (call.door === 'exec' ? [call.program] : []))
		world.mark()
		await world.advance(1000)
		expect(programs()).to.deep.equal(['iptables-nft-save', 'ip6tables-nft-save'])
		world.mark()
		world.change(slice(['10.244.1.5', '10.244.2.6']))
		await world.advance(150)
		expect(programs()).to.deep.equal([])
		expect(world.realServers(SERVER)).to.have.all.keys('10.244.1.5:8080', '10.244.2.6:8080')
	})

	mended('L7', 'flows that could not be deleted are deleted later', async world => {
		world.given(dnsService(), dnsSlice(['10.244.1.5', '10.244.2.5']))
		await world.settled()
		world.kernel.conntrack.load([flow('udp 10.96.0.10:53 -> 10.244.1.5:53')])
		world.kernel.failNext({kind: 'errno', errno: 'EPERM', command: 'del-flow'}, 2)
		world.change(dnsSlice(['10.244.2.5']))
		await world.advance(150)
		expect(flowsOf(world.kernel)).to.have.length(1)
		await world.settled()
		expect(flowsOf(world.kernel)).to.deep.equal([])
	})

	mended('L9', 'a virtual server stays while its address cannot be bound', async world => {
		world.kernel.failNext({kind: 'errno', errno: 'ENOMEM', command: 'new-addr'}, 1000)
		world.given(service(), slice())
		await world.advance(150)
		world.mark()
		await world.advance(5000)
		expect(world.realServers(SERVER)).to.deep.equal(BOTH)
		expect(new Set(world.writes().map(call => ('command' in call ? call.command : call.door)))).to.deep.equal(
			new Set(['new-addr']),
		)
		world.kernel.faults.clear()
		await world.settled()
		expect(world.vips()).to.deep.equal(['10.96.0.10'])
	})

	mended('L12', 'an endpoint that is back with its Service is not taken along by an old drain', async world => {
		world.given(service(), slice())
		await world.settled()
		world.kernel.ipvs.setConnections(SERVER, LEAVING, 3)
		world.change(slice(['10.244.1.5']))
		await world.advance(150)
		world.remove(service())
		await world.advance(150)
		world.change(service(), slice())
		await world.advance(150)
		world.kernel.ipvs.setConnections(SERVER, LEAVING, 0)
		await world.settled()
		expect(world.realServers(SERVER)).to.deep.equal(BOTH)
	})

	mended(
		'L17',
		'internalTrafficPolicy Local without local endpoints serves nobody, reachable from outside or not',
		async world => {
			world.given(
				service({type: 'NodePort', internalTrafficPolicy: 'Local', ports: [port({nodePort: 30080})]}),
				slice(['10.244.2.5']),
			)
			await world.settled()
			expect(world.realServers(SERVER)).to.deep.equal({})
			expect(world.realServers('tcp 192.0.2.10:30080')).to.deep.equal({[LEAVING]: 1})
		},
	)

	mended(
		'L21',
		'a health-check node port is let through where no address serves node ports',
		async world => {
			world.given(balanced(32000), slice())
			await world.settled()
			expect(world.servers()).to.not.have.property('tcp 192.0.2.10:30080')
			expect(world.set('HEALTH-CHECK-NODE-PORT')).to.deep.equal(['32000'])
		},
		{config: {nodePortAddresses: ['10.99.0.0/16']}},
	)

	mended('L31', 'of two Services with one address and port the older one is served, the other is told', async world => {
		const young = service(
			{clusterIP: '10.96.0.11', externalIPs: ['203.0.113.7']},
			{name: 'young', creationTimestamp: '2026-02-01T00:00:00Z'},
		)
		world.given(young, slice(['10.244.2.9'], {service: 'young', name: 'young-1'}))
		await world.settled()
		world.change(service({externalIPs: ['203.0.113.7']}), slice())
		await world.settled()
		expect(world.realServers('tcp 203.0.113.7:80')).to.deep.equal(BOTH)
		expect(world.problems().join()).to.match(
			/Service ns\/young: .* is served for the older Service ns\/s \(AddressInUse\)/,
		)
	})

	mended('L33', 'virtual servers of marks of others are left alone', async world => {
		const foreign = withKey({kind: 'firewall-mark', family: 'ipv4', mark: 7})
		world.kernel.ipvs.load(foreign, [realServer('10.244.1.9:8080')])
		world.given(service(), slice())
		await world.settled()
		expect(world.realServers('firewall-mark ipv4 0x7')).to.deep.equal({'10.244.1.9:8080': 1})
	})

	mended('L41', 'the endpoints of a slice move with it to another Service', async world => {
		world.given(service(), service({clusterIP: '10.96.0.11'}, {name: 'other'}), slice())
		await world.settled()
		world.change(slice(['10.244.1.5', '10.244.2.5'], {service: 'other'}))
		await world.settled()
		expect(world.realServers(SERVER)).to.deep.equal({})
		expect(world.realServers('tcp 10.96.0.11:80')).to.deep.equal(BOTH)
	})

	mended(
		'L43',
		'health-check node ports answer without a health server',
		async world => {
			world.given(balanced(32000), slice())
			await world.settled()
			expect((await askHealthCheck(world, '0.0.0.0:32000')).status).to.equal(200)
		},
		{config: {healthzBindAddress: ''}},
	)
})
