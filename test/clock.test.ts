import {expect} from 'chai'
import {oncePerJob, systemClock} from '../src/clock.ts'

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

	it('does not go off at once when it shall wait for longer than a timer can', async () => {
		let isOver = false
		const cancel = systemClock.after(1000 * HOUR, () => {
			isOver = true
		})
		await new Promise<void>(resolve => systemClock.after(20, resolve))
		cancel()
		expect(isOver).to.equal(false)
	})

	it('begins with the time of the node, in whole milliseconds', () => {
		expect(systemClock.now()).to.be.closeTo(Date.now(), HOUR / 2)
		expect(Number.isInteger(systemClock.now())).to.equal(true)
	})
})

describe('a clock that is read once per job', () => {
	it('tells one time until the job is over, and then another', async () => {
		let reads = 0
		const clock = oncePerJob({...systemClock, now: () => ++reads, wall: () => ++reads * 100})
		expect([clock.now(), clock.now(), clock.wall(), clock.wall(), clock.now()]).to.deep.equal([1, 1, 200, 200, 1])
		const woken = Promise.resolve().then(() => [clock.now(), clock.wall()])
		expect(await woken, 'in a job that this one has woken').to.deep.equal([3, 400])
	})
})
