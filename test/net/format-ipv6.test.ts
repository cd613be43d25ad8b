import {expect} from 'chai'
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import {formatIPv6} from '../../src/net/format-ipv6.ts'

/** Zeros in all places, as they are in addresses. */
const byte = fc.oneof(fc.constant(0), fc.constant(0), fc.constant(0), fc.nat(255))

const CASES: readonly (readonly [bytes: readonly number[], text: string])[] = [
	[[], '::'],
	[[0, 1], '1::'],
	[[0, 0, 0, 1], '0:1::'],
	[[0xfd, 0, 0, 0x96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10], 'fd00:96::a'],
	[[0, 1, 0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7], '1:0:2:3:4:5:6:7'],
	[[0x20, 0x01, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1], '2001:0:0:1::1'],
	[[0x20, 0x01, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1], '2001::1:1:0:0:1'],
	[[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 96, 0, 1], '::ffff:a60:1'],
]

describe('the text of an IPv6 address', () => {
	for (const [bytes, text] of CASES) {
		it(`is ${text}`, () => {
			const whole = new Uint8Array(16)
			whole.set(bytes)
			expect(formatIPv6(whole)).to.equal(text)
		})
	}

	it('is the same as by ipaddr.js', () => {
		fc.assert(
			fc.property(fc.array(byte, {minLength: 16, maxLength: 16}), bytes => {
				expect(formatIPv6(Uint8Array.from(bytes))).to.equal(new ipaddr.IPv6([...bytes]).toRFC5952String())
			}),
			{numRuns: 2000},
		)
	})
})
