import {expect} from 'chai'
import {segmentRules} from '../../src/desired/segments.ts'

describe('the length of segments through tunnels', () => {
	for (const [family, smallestMTU, expected] of [
		['ipv4', 1500, 1420],
		['ipv6', 1500, 1380],
		['ipv4', 9000, 8920],
		['ipv4', 296, 1200],
		['ipv6', 1280, 1160],
	] as const) {
		it(`is ${expected} bytes where the smallest MTU is ${smallestMTU}, for ${family}`, () => {
			const rules = segmentRules(family, {smallestMTU})
			expect(rules.map(rule => rule.split(' ').at(-1))).to.deep.equal([String(expected)])
		})
	}

	it('is left alone where the kernel cannot change it', () => {
		expect(segmentRules('ipv4', {smallestMTU: undefined})).to.deep.equal([])
	})
})
