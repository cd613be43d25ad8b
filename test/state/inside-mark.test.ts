import {expect} from 'chai'
import fc from 'fast-check'
import type {Protocol} from '../../src/net/protocol.ts'
import {
	decodeInsideMark,
	encodeInsideMark,
	hashedNumber,
	insideBit,
	insideMask,
	insideTest,
} from '../../src/state/inside-mark.ts'

const anyMark = fc.record({
	protocol: fc.constantFrom<Protocol>('tcp', 'udp', 'sctp'),
	isHashed: fc.boolean(),
	number: fc.nat(2 ** 20 - 1),
})
const anyBit = fc.nat(31)

describe('the mark of clients inside the cluster', () => {
	it('says whose it is', () => {
		fc.assert(
			fc.property(anyMark, anyBit, (mark, bit) => {
				expect(decodeInsideMark(encodeInsideMark(mark, bit), bit)).to.deep.equal(mark)
			}),
		)
	})

	it('leaves the masquerade bit and the drop bit of the kubelet alone', () => {
		fc.assert(
			fc.property(anyMark, anyBit, (mark, bit) => {
				const bits = BigInt(encodeInsideMark(mark, bit))
				expect(bits & (1n << BigInt(bit))).to.equal(0n)
				expect(bits & 0x8000n).to.equal(0n)
				expect(bits & ~BigInt(insideMask(bit))).to.equal(0n)
				expect(bits & BigInt(insideBit(bit))).to.equal(BigInt(insideBit(bit)))
			}),
		)
	})

	it('is known from any other mark', () => {
		fc.assert(
			fc.property(fc.nat(2 ** 32 - 1), anyBit, (mark, bit) => {
				const decoded = decodeInsideMark(mark, bit)
				expect(decoded === undefined || encodeInsideMark(decoded, bit) === mark).to.equal(true)
			}),
		)
		expect([0, 1, 0x4000, 0x8000, 0xffffffff].map(mark => decodeInsideMark(mark, 14))).to.deep.equal(
			Array(5).fill(undefined),
		)
	})

	it('passes a test that no mark with a bit of somebody else passes', () => {
		fc.assert(
			fc.property(anyMark, anyBit, fc.nat(2 ** 32 - 1), (mark, bit, foreign) => {
				const test = insideTest(bit)
				const passes = (mark: number | bigint) => (BigInt(mark) & BigInt(test.mask)) === BigInt(test.mark)
				const bits = encodeInsideMark(mark, bit)
				expect(passes(bits)).to.equal(true)
				const others = BigInt(foreign) & ~BigInt(insideMask(bit))
				expect(passes(BigInt(bits) | others)).to.equal(others === 0n)
				expect(passes(BigInt(bits) & ~BigInt(insideBit(bit)))).to.equal(false)
			}),
		)
		// Calico marks what pods send to a VIP in the bits from 20 on.
		expect(insideTest(14)).to.deep.equal({mark: 0x2000000, mask: 0xfe00c000})
	})

	it('has a number of 20 bits where it is hashed', () => {
		fc.assert(
			fc.property(fc.string(), text => {
				expect(hashedNumber(text)).to.be.within(0, 2 ** 20 - 1)
			}),
		)
	})
})
