import {expect} from 'chai'
import fc from 'fast-check'
import {addressFromBytes, addressToBytes, bitsOf, familyOf} from '../../src/net/address.ts'
import {bytesContain, formatPrefix, parsePrefix, prefixContains, prefixFamily} from '../../src/net/prefix.ts'
import {address} from '../state/build.ts'

const PARSED: readonly (readonly [text: string, canonical: string | undefined])[] = [
	['10.244.0.0/16', '10.244.0.0/16'],
	['10.244.1.5/16', '10.244.0.0/16'],
	[' 10.244.1.5/16 ', '10.244.0.0/16'],
	['10.244.1.5/32', '10.244.1.5/32'],
	['0.0.0.0/0', '0.0.0.0/0'],
	['10.244.1.5/33', undefined],
	['10.244.1.5', undefined],
	['10.244.1.5/', undefined],
	['10.244.1.5/-1', undefined],
	['10.244.1.5/16/16', undefined],
	['fd00:0096::5/112', 'fd00:96::/112'],
	['fd00:96::5/128', 'fd00:96::5/128'],
	['fd00:96::5/129', undefined],
	['::/0', '::/0'],
	['::192.0.2.1/128', '::c000:201/128'],
	['nothing/8', undefined],
]

const CONTAINS: readonly (readonly [prefix: string, address: string, isInside: boolean])[] = [
	['10.244.0.0/16', '10.244.255.255', true],
	['10.244.0.0/16', '10.245.0.0', false],
	['10.244.0.0/16', '::ffff:af4:1', false],
	['0.0.0.0/0', '192.0.2.1', true],
	['0.0.0.0/0', 'fd00::1', false],
	['fd00:96::/112', 'fd00:96::ffff', true],
	['fd00:96::/112', 'fd00:96::1:0', false],
	['fd00:96::a/128', 'fd00:96::a', true],
]

const prefix = (text: string) => parsePrefix(text) ?? expect.fail(`${text} is no prefix`)

describe('prefixes', () => {
	for (const [text, canonical] of PARSED) {
		it(`${JSON.stringify(text)} ${canonical === undefined ? 'is no network' : `is the network ${canonical}`}`, () => {
			const parsed = parsePrefix(text)
			expect(parsed && formatPrefix(parsed)).to.equal(canonical)
		})
	}

	for (const [network, inside, isInside] of CONTAINS) {
		it(`${network} ${isInside ? 'contains' : 'does not contain'} ${inside}`, () => {
			expect(prefixContains(prefix(network), address(inside))).to.equal(isInside)
		})
	}

	it('contain the same addresses in bytes', () => {
		const host = fc.oneof(fc.uint8Array({minLength: 4, maxLength: 4}), fc.uint8Array({minLength: 16, maxLength: 16}))
		fc.assert(
			fc.property(host, host, fc.nat(128), fc.nat(128), (given, other, wish, same) => {
				const base = addressFromBytes(given)
				const network = prefix(`${base}/${Math.min(wish, bitsOf(familyOf(base)))}`)
				// Most of what is drawn has no bit in common with the network; this has some.
				const near = Uint8Array.from(given, (byte, at) => (at * 8 >= same ? (other[at] ?? 0) : byte))
				for (const host of [given, other, near]) {
					const inBytes = bytesContain(addressToBytes(network.address), network.length, [...host])
					expect(inBytes).to.equal(prefixContains(network, addressFromBytes(host)))
				}
			}),
		)
	})

	it('of any length contain the address that they were made of', () => {
		const bytes = fc.oneof(fc.uint8Array({minLength: 4, maxLength: 4}), fc.uint8Array({minLength: 16, maxLength: 16}))
		fc.assert(
			fc.property(bytes, fc.nat(128), (given, wish) => {
				const host = addressFromBytes(given)
				const length = Math.min(wish, bitsOf(familyOf(host)))
				const network = prefix(`${host}/${length}`)
				expect(network.length).to.equal(length)
				expect(prefixFamily(network)).to.equal(familyOf(host))
				expect(prefixContains(network, host)).to.equal(true)
				expect(prefix(formatPrefix(network))).to.deep.equal(network)
			}),
		)
	})

	it('as wide as a host contain that host alone', () => {
		const only = prefix('fd00::a/128')
		expect(formatPrefix(only)).to.equal('fd00::a/128')
		expect(prefixContains(only, address('fd00::b'))).to.equal(false)
	})
})
