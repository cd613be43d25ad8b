import {expect} from 'chai'
import {requestsOf} from '../../bench/own/requests.ts'

/** A netlink message of 20 bytes. */
const message = (type: number, flags: number, command: number): number[] => {
	const bytes = Buffer.alloc(20)
	bytes.writeUInt32LE(20, 0)
	bytes.writeUInt16LE(type, 4)
	bytes.writeUInt16LE(flags, 6)
	bytes[16] = command
	return [...bytes]
}

const [GENERIC, ROUTE, NETFILTER] = [16, 0, 12]
const [IPVS, DUMP] = [33, 0x300]
const of = (protocol: number, ...messages: number[][]) => requestsOf(protocol, Uint8Array.from(messages.flat()))

describe('requests in a datagram', () => {
	it('count when they change something', () => {
		expect(of(GENERIC, message(IPVS, 5, 1), message(IPVS, 5, 5), message(IPVS, DUMP, 4)).writes).to.equal(2)
		expect(of(GENERIC, message(16, 1, 3)).writes).to.equal(0)
		expect(of(ROUTE, message(20, 5, 2), message(22, DUMP, 2), message(24, 5, 2)).writes).to.equal(2)
		expect(of(NETFILTER, message(0x102, 5, 2), message(0x101, DUMP, 2)).writes).to.equal(1)
	})

	it('are for ip_set, or not', () => {
		expect(of(NETFILTER, message(0x609, 5, 2), message(0x607, DUMP, 2))).to.deep.equal({writes: 1, isIpset: true})
		expect(of(GENERIC, message(0x609, 5, 2)).isIpset).to.equal(false)
	})

	it('end where a message says that it has no length', () => {
		expect(of(ROUTE, message(20, 5, 2), Array(16).fill(0)).writes).to.equal(2)
	})
})
