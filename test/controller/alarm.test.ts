import {expect} from 'chai'
import {systemClock} from '../../src/clock.ts'
import {Alarm} from '../../src/controller/alarm.ts'

const never = new AbortController().signal

describe('the alarm of a loop', () => {
	it('ends a sleep when it is rung', async () => {
		const alarm = new Alarm(systemClock)
		const sleep = alarm.sleep(Number.POSITIVE_INFINITY, never)
		alarm.ring()
		await sleep
	})

	it('ends the next sleep at once when it was rung before, but only one', async () => {
		const alarm = new Alarm(systemClock)
		alarm.ring()
		alarm.ring()
		await alarm.sleep(Number.POSITIVE_INFINITY, never)
		const start = systemClock.now()
		await alarm.sleep(start + 20, never)
		expect(systemClock.now() - start).to.be.at.least(19)
	})

	it('ends a sleep when its time has come, or has passed', async () => {
		const alarm = new Alarm(systemClock)
		await alarm.sleep(systemClock.now() + 5, never)
		await alarm.sleep(0, never)
	})

	it('ends a sleep when the signal is aborted', async () => {
		const stop = new AbortController()
		const sleep = new Alarm(systemClock).sleep(Number.POSITIVE_INFINITY, stop.signal)
		stop.abort()
		await sleep
		await new Alarm(systemClock).sleep(Number.POSITIVE_INFINITY, stop.signal)
	})
})
