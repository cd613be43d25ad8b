import {expect} from 'chai'
import {systemClock} from '../src/clock.ts'

const HOUR = 3_600_000

describe('the clock of the system', () => {
	const real = Date.now

	afterEach(() => {
		Date.now = real
	})

	for (const jump of [-HOUR, HOUR]) {
		it(`measures intervals as before when somebody sets the node's clock by ${jump} ms, and tells its time`, () => {
			const before = systemClock.now()
			Date.now = () => real() + jump
			expect(systemClock.now() - before).to.be.within(0, HOUR / 2)
			expect(systemClock.wall() - before).to.be.closeTo(jump, HOUR / 2)
		})
	}

	it('begins with the time of the node, in whole milliseconds', () => {
		expect(systemClock.now()).to.be.closeTo(Date.now(), HOUR / 2)
		expect(Number.isInteger(systemClock.now())).to.equal(true)
	})
})
