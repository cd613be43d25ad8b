import {expect} from 'chai'
import fc from 'fast-check'
import {decodeVirtualServer} from '../../../src/kernel/ipvs/decode.ts'
import {decodeRealServer} from '../../../src/kernel/ipvs/decode-real-server.ts'
import {decodeRealServerStats, decodeVirtualServerStats} from '../../../src/kernel/ipvs/decode-stats.ts'
import {IpvsEncoder} from '../../../src/kernel/ipvs/encode.ts'
import {DecodeError} from '../../../src/kernel/netlink/decode-error.ts'
import {decodeMessages} from '../../../src/kernel/netlink/message.ts'
import {listenFamily, PLAIN_TUNNEL, type RealServer} from '../../../src/state/ipvs.ts'
import type {Stats, Traffic} from '../../../src/state/stats.ts'
import {anyFamily, anyVirtualServer, wholeRealServerOf} from '../../state/arbitraries.ts'
import {realServer, virtualServer} from '../../state/build.ts'
import {writeDest, writeOldStats, writeService, writeStats} from '../../support/fake-kernel/ipvs-replies.ts'
import {readIdentity, readRealServer, readSettings} from '../../support/fake-kernel/ipvs-requests.ts'
import {laidDown} from '../netlink/laid-down.ts'

const [NEW_SERVICE, NEW_DEST, DEL_DEST] = [1, 5, 7]
const encoder = new IpvsEncoder(28)
const anyTraffic = fc.record({
	connections: fc.maxSafeNat(),
	packetsIn: fc.maxSafeNat(),
	packetsOut: fc.maxSafeNat(),
	bytesIn: fc.maxSafeNat(),
	bytesOut: fc.maxSafeNat(),
})

const anyStats: fc.Arbitrary<Stats> = fc.record({total: anyTraffic, perSecond: anyTraffic})

/** What is left of them in 32 bits; totals of bytes have 64. */
const cutOff = ({total, perSecond}: Stats): Stats => {
	const cut = (traffic: Traffic): Traffic => ({
		connections: traffic.connections % 2 ** 32,
		packetsIn: traffic.packetsIn % 2 ** 32,
		packetsOut: traffic.packetsOut % 2 ** 32,
		bytesIn: traffic.bytesIn % 2 ** 32,
		bytesOut: traffic.bytesOut % 2 ** 32,
	})
	const {bytesIn, bytesOut} = total
	return {total: {...cut(total), bytesIn, bytesOut}, perSecond: cut(perSecond)}
}

const payloadOf = (bytes: Uint8Array): Uint8Array => decodeMessages(bytes)[0]?.payload ?? new Uint8Array()

describe('IPVS messages', () => {
	it('of a virtual server are read as they were written, by us and by a kernel', () => {
		fc.assert(
			fc.property(anyVirtualServer, server => {
				const payload = payloadOf(laidDown(encoder.service(NEW_SERVICE, server)))
				expect(decodeVirtualServer(payload)).to.deep.equal(server)
				expect(readSettings(payload)).to.deep.equal(server)
			}),
		)
	})

	it('that a kernel dumps are read as it meant them, its own flags and unknown attributes left out', () => {
		fc.assert(
			fc.property(anyVirtualServer, server => {
				expect(decodeVirtualServer(writeService(server))).to.deep.equal(server)
			}),
		)
	})

	it('of a real server name its virtual server and are read as they were written', () => {
		const both = anyVirtualServer.chain(server =>
			fc.tuple(fc.constant(server), wholeRealServerOf(listenFamily(server.listen))),
		)
		fc.assert(
			fc.property(both, fc.constantFrom(NEW_DEST, DEL_DEST), ([server, real], command) => {
				const payload = payloadOf(laidDown(encoder.dest(command, server, real)))
				expect(decodeRealServer(payload, 'ipv4').realServer).to.deep.equal(real)
				expect(readRealServer(payload, server, true)).to.deep.equal(real)
				expect(readIdentity(payload)).to.deep.include({key: server.key})
			}),
		)
	})

	it('of a destination that a kernel dumps are read as it meant them', () => {
		fc.assert(
			fc.property(anyFamily.chain(wholeRealServerOf), realServer => {
				const counters = {activeConnections: 1, inactiveConnections: 2}
				expect(decodeRealServer(writeDest({realServer, counters}), 'ipv4')).to.deep.equal({realServer, counters})
			}),
		)
	})

	it('of counters that a kernel dumps are read as it meant them, of 64 bits where it has them', () => {
		const both = anyVirtualServer.chain(server =>
			fc.tuple(fc.constant(server), wholeRealServerOf(listenFamily(server.listen))),
		)
		const counters = {activeConnections: 1, inactiveConnections: 2}
		fc.assert(
			fc.property(both, anyStats, fc.boolean(), ([server, realServer], stats, isOld) => {
				const write = isOld ? writeOldStats : writeStats
				const read = isOld ? cutOff(stats) : stats
				const ofServer = decodeVirtualServerStats(writeService(server, stats, write))
				expect(ofServer).to.deep.equal({server, stats: read})
				const ofDest = decodeRealServerStats(writeDest({realServer, counters, stats}, write), 'ipv4')
				expect(ofDest).to.deep.equal({realServer, counters, stats: read})
			}),
		)
	})

	it('without counters are DecodeErrors to who asks for them', () => {
		const service = writeService(virtualServer('tcp 10.96.0.10:80'), undefined, () => [])
		expect(() => decodeVirtualServerStats(service)).to.throw(DecodeError)
	})

	it('name no tunnel for a real server that a kernel before 5.2 can have', () => {
		const server = virtualServer('tcp 10.96.0.10:80')
		const sizeOf = (settings: Partial<RealServer>) =>
			encoder.dest(NEW_DEST, server, realServer('10.244.1.5:80', settings)).size
		const plain = sizeOf({})
		expect(sizeOf({limits: {upper: 10, lower: 5}})).to.equal(plain)
		expect(sizeOf({forwarding: 'tunnel'})).to.equal(plain)
		expect(sizeOf({forwarding: 'tunnel', tunnel: PLAIN_TUNNEL})).to.equal(plain)
		expect(sizeOf({forwarding: 'tunnel', tunnel: {type: 'gre', port: 0, checksum: 'none'}})).to.equal(plain + 24)
	})

	it('of a tunnel that nobody knows are DecodeErrors', () => {
		const tunnel = {type: 'gue', port: 6080, checksum: 'none'} as const
		const gue = realServer('10.244.1.5:80', {forwarding: 'tunnel', tunnel})
		const changed = Uint8Array.from(
			writeDest({realServer: gue, counters: {activeConnections: 0, inactiveConnections: 0}}),
		)
		changed[Buffer.from(changed).indexOf(Buffer.from([5, 0, 13, 0])) + 4] = 3
		expect(() => decodeRealServer(changed, 'ipv4')).to.throw(DecodeError, 'tunnel type 3')
	})

	it('do not leak from one message of a template into the next', () => {
		const first = virtualServer('tcp 255.255.255.255:65535', {scheduler: 'abcdefghijklmno', flags: ['one-packet']})
		const second = virtualServer('udp 10.96.0.10:53')
		laidDown(encoder.service(NEW_SERVICE, first))
		expect(decodeVirtualServer(payloadOf(laidDown(encoder.service(NEW_SERVICE, second))))).to.deep.equal(second)
	})

	it('of a destination without a family have that of its service', () => {
		const payload = payloadOf(
			laidDown(encoder.dest(NEW_DEST, virtualServer('tcp [fd00::1]:80'), realServer('[fd00::2]:80'))),
		)
		const family = Buffer.from([6, 0, 11, 0])
		const at = Buffer.from(payload).indexOf(family)
		const changed = Uint8Array.from(payload)
		changed[at + 2] = 200
		expect(decodeRealServer(changed, 'ipv6').realServer.address).to.equal('fd00::2')
	})

	it('of a protocol, family or forwarding method that nobody knows are DecodeErrors', () => {
		const service = writeService(virtualServer('tcp 10.96.0.10:80'))
		const changedAt = (needle: readonly number[], value: number) => {
			const changed = Uint8Array.from(service)
			changed[Buffer.from(service).indexOf(Buffer.from(needle)) + 4] = value
			return changed
		}
		expect(() => decodeVirtualServer(changedAt([6, 0, 1, 0], 7))).to.throw(DecodeError, 'address family 7')
		expect(() => decodeVirtualServer(changedAt([6, 0, 2, 0], 99))).to.throw(DecodeError, 'protocol 99')
	})
})
