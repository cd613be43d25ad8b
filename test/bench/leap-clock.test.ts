import {expect} from 'chai'
import {LeapClock} from '../../bench/own/leap-clock.ts'

describe('a clock that can be put forward', () => {
	it('calls what has come due, and nothing else', async () => {
		const clock = new LeapClock()
		const called: string[] = []
		const cancel = [
			clock.after(500_000, () => called.push('soon')),
			clock.after(900_000, () => called.push('late')),
			clock.after(500_000, () => called.push('cancelled')),
		]
		cancel[2]?.()
		const before = clock.now()
		clock.leap(600_000)
		expect(clock.now() - before).to.be.within(600_000, 601_000)
		await new Promise<void>(resolve => {
			clock.after(5, resolve)
		})
		expect(called).to.deep.equal(['soon'])
		cancel[1]?.()
	})
})
