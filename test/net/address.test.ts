import {expect} from 'chai'
import fc from 'fast-check'
import {
	addressFromBytes,
	addressToBytes,
	bitsOf,
	familyOf,
	formatSocketAddress,
	isServable,
	parseAddress,
} from '../../src/net/address.ts'
import {address} from '../state/build.ts'

const PARSED: readonly (readonly [text: string, canonical: string | undefined])[] = [
	['10.96.0.10', '10.96.0.10'],
	['0.0.0.0', '0.0.0.0'],
	['255.255.255.255', '255.255.255.255'],
	['010.96.0.10', undefined],
	['10.96.0', undefined],
	['10.96.0.256', undefined],
	['0x0a.1.1.1', undefined],
	[' 10.96.0.10', undefined],
	['', undefined],
	['kubernetes.default', undefined],
	['FD00:0096:0:0:0:0:0:A', 'fd00:96::a'],
	['::', '::'],
	['::1', '::1'],
	['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
	['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
	['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
	['::ffff:192.0.2.1', '::ffff:c000:201'],
	['::192.0.2.1', '::c000:201'],
	['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
	['fe80::1%eth0', undefined],
	['[fd00::1]', undefined],
	['fd00::1::2', undefined],
	['12345::', undefined],
]

const bytes = fc.oneof(fc.uint8Array({minLength: 4, maxLength: 4}), fc.uint8Array({minLength: 16, maxLength: 16}))

describe('addresses', () => {
	for (const [text, canonical] of PARSED) {
		it(`${JSON.stringify(text)} ${canonical === undefined ? 'is no address' : `is written ${canonical}`}`, () => {
			expect(parseAddress(text)).to.equal(canonical)
		})
	}

	it('are the same after bytes and text, in the canonical form', () => {
		fc.assert(
			fc.property(bytes, given => {
				const text = addressFromBytes(given)
				expect(addressToBytes(text)).to.deep.equal([...given])
				expect(parseAddress(text)).to.equal(text)
			}),
		)
	})

	it('are equal texts for equal addresses, however they are written', () => {
		fc.assert(
			fc.property(fc.ipV6(), text => {
				const parsed = parseAddress(text)
				expect(parsed).to.not.equal(undefined)
				expect(parsed).to.equal(new URL(`http://[${text}]/`).hostname.slice(1, -1))
			}),
		)
	})

	it('have no other length than 4 or 16 bytes', () => {
		for (const length of [0, 3, 5, 15, 17]) {
			expect(() => addressFromBytes(new Uint8Array(length))).to.throw(RangeError)
		}
	})

	it('know their family and write themselves with a port', () => {
		const [v4, v6] = [address('10.96.0.10'), address('fd00::a')]
		expect([familyOf(v4), familyOf(v6)]).to.deep.equal(['ipv4', 'ipv6'])
		expect([bitsOf('ipv4'), bitsOf('ipv6')]).to.deep.equal([32, 128])
		expect(formatSocketAddress(v4, 80)).to.equal('10.96.0.10:80')
		expect(formatSocketAddress(v6, 80)).to.equal('[fd00::a]:80')
	})

	const refused = [
		'0.0.0.0',
		'127.0.0.1',
		'169.254.1.1',
		'224.0.0.1',
		'239.1.1.1',
		'255.255.255.255',
		'::',
		'::1',
		'fe80::1',
		'febf::1',
		'ff02::1',
	]
	const served = [
		'10.96.0.1',
		'126.0.0.1',
		'169.253.0.1',
		'223.255.255.255',
		'240.0.0.1',
		'fd00::1',
		'2001:db8::ff02:1',
		'fec0::1',
		'::2',
	]
	for (const text of refused) {
		it(`are not to be served: ${text}`, () => expect(isServable(address(text))).to.equal(false))
	}
	for (const text of served) {
		it(`may be served: ${text}`, () => expect(isServable(address(text))).to.equal(true))
	}
})
