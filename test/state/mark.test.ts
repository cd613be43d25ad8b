import {expect} from 'chai'
import fc from 'fast-check'
import type {Protocol} from '../../src/net/protocol.ts'
import {
	decodeMark,
	encodeMark,
	externalBit,
	externalTest,
	type GroupFace,
	groupTest,
	hashedNumber,
	isOurMark,
	type Mark,
	type MarkTest,
	markMask,
	marksTo,
	ownTest,
	steeredTest,
} from '../../src/state/mark.ts'

const number = fc.nat(2 ** 20 - 1)
const inside = fc.record({
	kind: fc.constant('inside' as const),
	protocol: fc.constantFrom<Protocol>('tcp', 'udp', 'sctp'),
	isHashed: fc.boolean(),
	number,
})
/** `internal` cannot be external, and so a mark has one face. */
const group = fc.record({
	kind: fc.constant('group' as const),
	face: fc.constantFrom<GroupFace>('cluster', 'external', 'internal'),
	isSteered: fc.boolean(),
	number,
})
const anyMark: fc.Arbitrary<Mark> = fc.oneof(inside, group)
const anyBit = fc.nat(31)

const passes = (mark: number | bigint, test: MarkTest): boolean =>
	(BigInt(mark) & BigInt(test.mask)) === BigInt(test.mark)

/** With bit 14 for masquerading. A running node has virtual servers of these values. */
const VALUES: readonly (readonly [number, Mark])[] = [
	[0x2013531, {kind: 'inside', protocol: 'tcp', isHashed: false, number: 30001}],
	[0x2410001, {kind: 'inside', protocol: 'tcp', isHashed: true, number: 0x4001}],
	[0x2800001, {kind: 'inside', protocol: 'udp', isHashed: false, number: 1}],
	[0x3400001, {kind: 'inside', protocol: 'sctp', isHashed: true, number: 1}],
	[0x3800001, {kind: 'group', face: 'cluster', isSteered: false, number: 1}],
	[0x3c00001, {kind: 'group', face: 'external', isSteered: false, number: 1}],
	[0xb800001, {kind: 'group', face: 'internal', isSteered: false, number: 1}],
	[0x7c00001, {kind: 'group', face: 'external', isSteered: true, number: 1}],
]

describe('a firewall mark', () => {
	for (const [value, mark] of VALUES) {
		it(`0x${value.toString(16)} is ${JSON.stringify(mark)}`, () => {
			expect(encodeMark(mark, 14)).to.equal(value)
			expect(decodeMark(value, 14)).to.deep.equal(mark)
		})
	}

	it('says whose it is', () => {
		fc.assert(
			fc.property(anyMark, anyBit, (mark, bit) => {
				expect(decodeMark(encodeMark(mark, bit), bit)).to.deep.equal(mark)
				expect(isOurMark(encodeMark(mark, bit), bit)).to.equal(true)
			}),
		)
	})

	it('is known as ours after the masquerade bit was changed from one of the usual ones', () => {
		fc.assert(
			fc.property(anyMark, fc.nat(24), anyBit, (mark, before, now) => {
				fc.pre(before !== 15)
				expect(isOurMark(encodeMark(mark, before), now)).to.equal(true)
			}),
		)
	})

	it('leaves the masquerade bit and the drop bit of the kubelet alone', () => {
		fc.assert(
			fc.property(anyMark, anyBit, (mark, bit) => {
				const bits = BigInt(encodeMark(mark, bit))
				expect(bits & (1n << BigInt(bit))).to.equal(0n)
				expect(bits & 0x8000n).to.equal(0n)
				expect(bits & ~BigInt(markMask(mark.kind, bit))).to.equal(0n)
			}),
		)
	})

	it('is known from any other mark', () => {
		fc.assert(
			fc.property(fc.nat(2 ** 32 - 1), anyBit, (mark, bit) => {
				const decoded = decodeMark(mark, bit)
				expect(decoded === undefined || encodeMark(decoded, bit) === mark).to.equal(true)
			}),
		)
		expect([0, 1, 0x4000, 0x8000, 0xffffffff, 0x6000001, 0xbc00001].map(mark => decodeMark(mark, 14))).to.deep.equal(
			Array(7).fill(undefined),
		)
	})

	it('passes the tests of its kind, and none with a bit of somebody else', () => {
		fc.assert(
			fc.property(anyMark, anyBit, fc.nat(2 ** 32 - 1), (mark, bit, foreign) => {
				const bits = encodeMark(mark, bit)
				const isGroup = mark.kind === 'group'
				const tests = [
					[ownTest(bit), true],
					[groupTest(bit), isGroup],
					[externalTest(bit), isGroup && mark.face === 'external'],
					[steeredTest(bit), isGroup && mark.isSteered],
				] as const
				const others = BigInt(foreign) & ~BigInt(markMask('group', bit))
				for (const [test, expected] of tests) {
					expect(passes(bits, test)).to.equal(expected)
					expect(passes(BigInt(bits) | others, test)).to.equal(expected && others === 0n)
					expect(passes(0, test)).to.equal(false)
				}
			}),
		)
		expect(ownTest(14)).to.deep.equal({mark: 0x2000000, mask: 0xf200c000})
		expect(groupTest(14)).to.deep.equal({mark: 0x3800000, mask: 0xf380c000})
	})

	it('of an external face is led to that of the cluster by one bit', () => {
		fc.assert(
			fc.property(group, anyBit, (mark, bit) => {
				const external = encodeMark({...mark, face: 'external'}, bit)
				const cluster = encodeMark({...mark, face: 'cluster'}, bit)
				expect(external - externalBit(bit)).to.equal(cluster)
				expect(marksTo(cluster, bit)).to.deep.equal([cluster, external])
				expect(marksTo(external, bit)).to.deep.equal([external])
			}),
		)
	})

	it('has a number of 20 bits where it is hashed', () => {
		fc.assert(
			fc.property(fc.string(), text => {
				expect(hashedNumber(text)).to.be.within(0, 2 ** 20 - 1)
			}),
		)
	})
})
