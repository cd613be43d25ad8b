import {expect} from 'chai'
import {median, percentile} from '../../bench/own/statistics.ts'

describe('statistics of the benchmark', () => {
	it('give a value that was measured', () => {
		const values = Array.from({length: 200}, (_, at) => 200 - at)
		expect(percentile(values, 0.99)).to.equal(198)
		expect(median(values)).to.equal(100)
		expect(median([7])).to.equal(7)
		expect(median([])).to.be.NaN
	})
})
