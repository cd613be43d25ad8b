import {expect} from 'chai'
import {isNoise, ratiosOf, spreadOf} from '../../../bench/data-plane/spread.ts'

describe('the spread of rounds', () => {
	it('is the half around the median', () => {
		expect(spreadOf([8, 1, 7, 2, 6, 3, 5, 4])).to.deep.equal({low: 2, median: 4, high: 6})
	})

	it('compares round by round, so that a machine that gets slower makes no difference', () => {
		const slower = [100, 200, 300, 400]
		const twice = slower.map(value => value * 2)
		expect(ratiosOf(slower, twice)).to.deep.equal({low: 2, median: 2, high: 2})
		expect(ratiosOf([100], [])).to.deep.equal({low: Number.NaN, median: Number.NaN, high: Number.NaN})
	})

	it('is noise where the rounds do not agree on which one takes longer', () => {
		expect(isNoise({low: 0.9, median: 1.02, high: 1.1})).to.equal(true)
		expect(isNoise({low: 1.01, median: 1.02, high: 1.1})).to.equal(false)
		expect(isNoise({low: 0.7, median: 0.8, high: 0.9})).to.equal(false)
	})
})
