import {expect} from 'chai'
import {AuditSchedule} from '../../src/controller/audit-schedule.ts'
import {createManualClock} from '../kubernetes/manual-clock.ts'

const INTERVAL = 30_000

const start = () => {
	const clock = createManualClock(0)
	const schedule = new AuditSchedule(clock, INTERVAL)
	/** Milliseconds from now. */
	const dueIn = () => schedule.due - clock.now()
	const afterAudit = (hasFailed: boolean) => {
		schedule.ended({wasAudit: true, hasFailed})
		return dueIn()
	}
	const afterChange = (hasFailed: boolean) => {
		schedule.ended({wasAudit: false, hasFailed})
		return dueIn()
	}
	return {clock, dueIn, afterAudit, afterChange}
}

describe('the next audit', () => {
	it('is due at once at the start, and an interval after one that went well', () => {
		const {dueIn, afterAudit} = start()
		expect(dueIn()).to.equal(0)
		expect(afterAudit(false)).to.equal(INTERVAL)
	})

	it('comes soon after one that failed, later after each further one, and never later than the interval', () => {
		const {afterAudit} = start()
		const pauses = Array.from({length: 8}, () => afterAudit(true))
		expect(pauses).to.deep.equal([500, 1000, 2000, 4000, 8000, 16_000, INTERVAL, INTERVAL])
		expect(afterAudit(false)).to.equal(INTERVAL)
		expect(afterAudit(true)).to.equal(500)
	})

	it('is not put off by changes, and brought near by one that failed', async () => {
		const {clock, afterAudit, afterChange, dueIn} = start()
		afterAudit(false)
		await clock.advance(10_000)
		expect(afterChange(false)).to.equal(20_000)
		expect(afterChange(true)).to.equal(500)
		await clock.advance(300)
		expect(afterChange(true)).to.equal(200)
		expect(afterChange(false)).to.equal(200)
		await clock.advance(400)
		expect(dueIn()).to.equal(-200)
	})

	it('comes no sooner for changes that fail than for audits that do', () => {
		const {afterAudit, afterChange} = start()
		afterAudit(true)
		afterAudit(true)
		afterAudit(false)
		afterAudit(true)
		afterAudit(true)
		expect(afterAudit(true)).to.equal(2000)
		expect(afterChange(true)).to.equal(2000)
		expect(afterAudit(true)).to.equal(4000)
	})
})
