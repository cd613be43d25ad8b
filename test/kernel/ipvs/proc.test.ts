import {expect} from 'chai'
import fc from 'fast-check'
import {parseProcIpvs} from '../../../src/kernel/ipvs/proc.ts'
import {listenFamily} from '../../../src/state/ipvs.ts'
import {anyVirtualServer, realServerOf} from '../../state/arbitraries.ts'
import {realServer} from '../../state/build.ts'
import {FakeIpvs} from '../../support/fake-kernel/fake-ipvs.ts'
import {renderProcIpvs} from '../../support/fake-kernel/proc-ip-vs.ts'

/** As a Linux 6.1 shows it. */
const TEXT = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  0A60000A:0050 rr 
  -> 0AF40105:1F90      Masq    1      2          3         
  -> 0AF40106:1F90      Route   0      0          0         
UDP  0A60000A:0035 mh persistent 10800 FFFFFFFF
  -> C0000207:0035      Tunnel  65535  0          0         
TCP  [fd00:0096:0000:0000:0000:0000:0000:000a]:01BB wlc 
  -> [fd00:0244:0000:0000:0000:0000:0000:0005]:20FB      Masq    1      0          0         
FWM  00001001 rr 
  -> 0AF40105:1F90      Masq    1      0          0         
  -> 0AF40106:1F90      Masq    0      4          0         
FWM  00001001 rr persistent 600 80000000
  -> [fd00:0244:0000:0000:0000:0000:0000:0005]:20FB      Masq    1      0          0         
FWM  00001002 rr 
`

/** In pieces that end anywhere. */
const parse = async (text: string, size = 37) => {
	const pieces = Array.from({length: Math.ceil(text.length / size)}, (_, at) => text.slice(at * size, (at + 1) * size))
	return new Map(await Array.fromAsync(parseProcIpvs(pieces)))
}

const realServersOf = async (key: string) => [...((await parse(TEXT)).get(key)?.realServers.values() ?? [])]

describe('/proc/net/ip_vs', () => {
	it('has virtual servers with addresses, and those of marks by the family of their real servers', async () => {
		expect([...(await parse(TEXT)).keys()]).to.deep.equal([
			'tcp 10.96.0.10:80',
			'udp 10.96.0.10:53',
			'tcp [fd00:96::a]:443',
			'firewall-mark ipv4 0x1001',
			'firewall-mark ipv6 0x1001',
		])
	})

	it('has their real servers with weight and forwarding method', async () => {
		expect(await realServersOf('tcp 10.96.0.10:80')).to.deep.equal([
			realServer('10.244.1.5:8080'),
			realServer('10.244.1.6:8080', {weight: 0, forwarding: 'direct-routing'}),
		])
		expect(await realServersOf('udp 10.96.0.10:53')).to.deep.equal([
			realServer('192.0.2.7:53', {weight: 65_535, forwarding: 'tunnel'}),
		])
		expect(await realServersOf('tcp [fd00:96::a]:443')).to.deep.equal([realServer('[fd00:244::5]:8443')])
		expect(await realServersOf('firewall-mark ipv6 0x1001')).to.deep.equal([realServer('[fd00:244::5]:8443')])
		expect(await realServersOf('firewall-mark ipv4 0x1001')).to.deep.equal([
			realServer('10.244.1.5:8080'),
			realServer('10.244.1.6:8080', {weight: 0}),
		])
	})

	it('has connections of each real server', async () => {
		expect((await parse(TEXT)).get('tcp 10.96.0.10:80')?.counters.get('10.244.1.5:8080')).to.deep.equal({
			activeConnections: 2,
			inactiveConnections: 3,
		})
	})

	it('is read as it was written, for any virtual servers and pieces', async () => {
		const entry = anyVirtualServer.chain(server =>
			fc.tuple(fc.constant(server), fc.array(realServerOf(listenFamily(server.listen)), {maxLength: 4})),
		)
		await fc.assert(
			fc.asyncProperty(fc.array(entry, {maxLength: 6}), fc.integer({min: 1, max: 5000}), async (entries, size) => {
				const ipvs = new FakeIpvs()
				for (const [server, realServers] of entries) {
					ipvs.load(server, realServers)
				}
				const parsed = await parse(renderProcIpvs(ipvs), size)
				for (const [key, {realServers}] of ipvs.servers) {
					expect([...(parsed.get(key)?.realServers.values() ?? [])]).to.deep.equal(
						[...realServers.values()].map(({realServer}) => realServer),
					)
				}
				const known = [...ipvs.servers.values()].filter(
					({server, realServers}) => server.listen.kind === 'address' || realServers.size > 0,
				)
				expect(parsed.size).to.equal(known.length)
			}),
		)
	})
})
