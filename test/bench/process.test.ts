import {expect} from 'chai'
import {growthPercent} from '../../bench/whole/measure-process.ts'

describe('memory under churn', () => {
	it('grows by what it grew over the last half', () => {
		expect(growthPercent([50, 80, 90, 100, 100, 100, 100, 110, 110, 110].slice(1))).to.be.closeTo(10, 0.001)
		expect(growthPercent([50, 100, 100, 100])).to.equal(0)
		expect(growthPercent([100])).to.equal(0)
	})
})
