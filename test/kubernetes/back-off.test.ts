import {expect} from 'chai'
import fc from 'fast-check'
import {createBackOff} from '../../src/kubernetes/back-off.ts'

describe('back-off', () => {
	it('doubles up to its limit, and begins anew after a reset', () => {
		const backOff = createBackOff(() => 0)
		const pauses = Array.from({length: 7}, backOff.next)
		expect(pauses).to.deep.equal([800, 1600, 3200, 6400, 12_800, 15_000, 15_000])
		backOff.reset()
		expect(backOff.next()).to.equal(800)
	})

	it('stays between 0.8 and 30 seconds, whatever chance says', () => {
		fc.assert(
			fc.property(fc.array(fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true})), chances => {
				let turn = 0
				const backOff = createBackOff(() => chances[turn++] ?? 0)
				expect(chances.map(backOff.next).every(pause => pause >= 800 && pause <= 30_000)).to.equal(true)
			}),
		)
	})
})
