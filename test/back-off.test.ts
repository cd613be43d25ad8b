import {expect} from 'chai'
import fc from 'fast-check'
import {BackOff} from '../src/back-off.ts'

const LIMITS = {firstMilliseconds: 500, lastMilliseconds: 60_000}

describe('back-off', () => {
	it('doubles up to its limit, and begins anew after a reset', () => {
		const backOff = new BackOff(LIMITS)
		const pauses = Array.from({length: 10}, () => backOff.next())
		expect(pauses).to.deep.equal([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
		expect(backOff.attempts).to.equal(10)
		backOff.reset()
		expect(backOff.attempts).to.equal(0)
		expect(backOff.next()).to.equal(500)
	})

	it('does not overflow', () => {
		const backOff = new BackOff(LIMITS)
		const pauses = Array.from({length: 2000}, () => backOff.next())
		expect(pauses.at(-1)).to.equal(60_000)
	})

	it('is drawn from the upper half of each pause, and tells the next one before', () => {
		fc.assert(
			fc.property(fc.array(fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true}), {minLength: 1}), chances => {
				let turn = 0
				const backOff = new BackOff(LIMITS, () => chances[turn++ % chances.length] ?? 0)
				const plain = new BackOff(LIMITS)
				for (let attempt = 0; attempt < 12; attempt++) {
					const {pause} = backOff
					const longest = plain.next()
					expect(backOff.next()).to.equal(pause)
					expect(pause).to.be.within(longest / 2, longest)
				}
			}),
		)
	})
})
