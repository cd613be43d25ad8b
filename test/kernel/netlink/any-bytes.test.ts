import {expect} from 'chai'
import fc from 'fast-check'
import {decodeLink, decodeLinkAddress, decodeLocalRoute} from '../../../src/kernel/addresses/decode.ts'
import {decodeFlow, peekTarget} from '../../../src/kernel/conntrack/decode.ts'
import {DumpDecoder, decodeProtocol} from '../../../src/kernel/ipset/decode.ts'
import {readMembers} from '../../../src/kernel/ipset/read-members.ts'
import {parseSave as parseIptablesSave} from '../../../src/kernel/iptables/parse.ts'
import {decodeTimeouts, decodeVirtualServer} from '../../../src/kernel/ipvs/decode.ts'
import {decodeRealServer} from '../../../src/kernel/ipvs/decode-real-server.ts'
import {parseProcIpvs} from '../../../src/kernel/ipvs/proc.ts'
import {decodeAttributes} from '../../../src/kernel/netlink/attributes.ts'
import {DecodeError} from '../../../src/kernel/netlink/decode-error.ts'
import {decodeMessages, isDump, isLast} from '../../../src/kernel/netlink/message.ts'
import {virtualServer} from '../../state/build.ts'
import {writeService} from '../../support/fake-kernel/ipvs-replies.ts'

const PRESENT = {name: 'A', family: 'ipv4', maxElements: 9, hasMarks: true} as const

const DECODERS: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
	decodeMessages,
	isDump,
	isLast: bytes => isLast(bytes, 1),
	decodeAttributes,
	decodeVirtualServer,
	decodeTimeouts,
	decodeRealServer: bytes => decodeRealServer(bytes, 'ipv4'),
	decodeLink,
	decodeLinkAddress,
	decodeLocalRoute,
	decodeFlow,
	peekTarget,
	decodeProtocol,
	decodeSet: bytes => new DumpDecoder().decode(bytes),
	...Object.fromEntries(
		['hash:ip', 'hash:ip,port', 'hash:ip,port,ip', 'hash:ip,port,net', 'bitmap:port', 'list:set'].map(type => [
			`readMembers of ${type}`,
			(bytes: Uint8Array) => readMembers(bytes, {...PRESENT, type}),
		]),
	),
}

/** Attributes as they could be: small types, short lengths, nested once or twice. */
const attributeLike = fc
	.array(fc.tuple(fc.nat(20), fc.uint8Array({maxLength: 20})), {maxLength: 12})
	.map(attributes => Buffer.concat(attributes.map(([type, value]) => encode(type, value))))

const encode = (type: number, value: Uint8Array): Uint8Array => {
	const whole = Buffer.alloc((4 + value.length + 3) & ~3)
	whole.writeUInt16LE(4 + value.length)
	whole.writeUInt16LE(type, 2)
	whole.set(value, 4)
	return whole
}

const nestedLike = fc
	.tuple(fc.uint8Array({minLength: 4, maxLength: 16}), fc.array(fc.tuple(fc.nat(3), attributeLike), {maxLength: 4}))
	.map(
		([header, nests]) => new Uint8Array(Buffer.concat([header, ...nests.map(([type, value]) => encode(type, value))])),
	)

describe('any bytes', () => {
	for (const [name, decode] of Object.entries(DECODERS)) {
		it(`give ${name} a value or a DecodeError`, () => {
			fc.assert(
				fc.property(fc.oneof(fc.uint8Array({maxLength: 200}), attributeLike, nestedLike), bytes => {
					expectValueOrDecodeError(() => decode(bytes))
				}),
				{numRuns: 400},
			)
		})
	}

	it('in place of any one byte of a service give a value or a DecodeError', () => {
		const service = writeService(
			virtualServer('tcp [fd00:96::a]:80', {persistence: {timeoutSeconds: 9, prefixLength: 64}}),
		)
		fc.assert(
			fc.property(fc.nat(service.length - 1), fc.nat(255), fc.nat(service.length), (at, value, length) => {
				const changed = Uint8Array.from(service)
				changed[at] = value
				expectValueOrDecodeError(() => decodeVirtualServer(changed.subarray(0, length)))
				expectValueOrDecodeError(() => decodeVirtualServer(changed))
			}),
			{numRuns: 500},
		)
	})
})

describe('any text', () => {
	const line = fc.oneof(
		fc.string(),
		fc
			.array(
				fc.constantFrom(
					'TCP',
					'FWM',
					'->',
					'0A600001:01BB',
					'[fd00:0096]:0050',
					'rr',
					'Masq',
					'1',
					'create',
					'add',
					':',
					'*nat',
					'-A',
					'hash:ip',
					'::',
					'1.2.3.4,6:80',
					'/',
				),
				{maxLength: 7},
			)
			.map(words => words.join(' ')),
	)
	const anyText = fc.array(line, {maxLength: 12}).map(lines => lines.join('\n'))
	it('gives parseProcIpvs entries', async () => {
		await fc.assert(
			fc.asyncProperty(anyText, async text => {
				expect(await Array.fromAsync(parseProcIpvs([text]))).to.be.an('array')
			}),
			{numRuns: 400},
		)
	})
	it('gives parseIptablesSave a map', () => {
		fc.assert(
			fc.property(anyText, text => parseIptablesSave(text) instanceof Map),
			{numRuns: 400},
		)
	})
})

const expectValueOrDecodeError = (decode: () => unknown): void => {
	try {
		decode()
	} catch (error) {
		expect(error).to.be.instanceOf(DecodeError)
	}
}
