import {expect} from 'chai'
import {DrainClock} from '../../src/controller/drain-clock.ts'
import {framedKernel, wanted} from '../plan/build.ts'
import {realServer, serverState, virtualServer} from '../state/build.ts'

const KEY = 'tcp 10.96.0.10:80'
const OTHER = 'tcp 10.96.0.11:80'
const DEADLINE = 1000

const STATE = {
	wanted: wanted({}),
	actual: framedKernel({
		servers: [KEY, OTHER].map(key => serverState(virtualServer(key), [realServer('10.244.1.5:80')])),
	}),
}

describe('the clock of drains', () => {
	const look = (clock: DrainClock, now: number) => clock.expired([KEY, OTHER], STATE, {now, deadline: DEADLINE})

	it('tells what has drained for long enough', () => {
		const clock = new DrainClock()
		expect(look(clock, 0).size).to.equal(0)
		expect(look(clock, DEADLINE - 1).size).to.equal(0)
		expect(look(clock, DEADLINE)).to.deep.equal(new Set([`${KEY} 10.244.1.5:80`, `${OTHER} 10.244.1.5:80`]))
	})

	it('remembers nothing of virtual servers that are gone, however many come and go', () => {
		const clock = new DrainClock()
		look(clock, 0)
		clock.forget(KEY, STATE.wanted)
		expect(look(clock, DEADLINE)).to.deep.equal(new Set([`${OTHER} 10.244.1.5:80`]))
	})

	it('goes by the deadline of the Service, and by the last one when the Service is gone', () => {
		const clock = new DrainClock()
		const server = serverState(virtualServer(KEY), ['10.244.1.5:80'])
		const asked = {...STATE, wanted: wanted({servers: [{...server, drainDeadline: 10}]})}
		expect(clock.expired([KEY, OTHER], asked, {now: 0, deadline: DEADLINE}).size).to.equal(0)
		clock.forget(KEY, asked.wanted)
		expect(look(clock, 5).size).to.equal(0)
		expect(look(clock, 15)).to.deep.equal(new Set([`${KEY} 10.244.1.5:80`]))
	})

	it('goes by the configured deadline when the Service sets none any more', () => {
		const clock = new DrainClock()
		const server = serverState(virtualServer(KEY), [])
		const asked = (drainDeadline?: number) => {
			const own = drainDeadline === undefined ? {} : {drainDeadline}
			return {...STATE, wanted: wanted({servers: [{...server, ...own}]})}
		}
		clock.expired([KEY], asked(10), {now: 0, deadline: DEADLINE})
		expect(clock.expired([KEY], asked(), {now: 15, deadline: DEADLINE}).size).to.equal(0)
	})

	it('forgets the deadline of a Service when all of it is gone', () => {
		const clock = new DrainClock()
		const server = serverState(virtualServer(KEY), ['10.244.1.5:80'])
		const asked = {...STATE, wanted: wanted({servers: [{...server, drainDeadline: 10}]})}
		clock.expired([KEY], asked, {now: 0, deadline: DEADLINE})
		clock.forget(KEY, STATE.wanted)
		expect(look(clock, 0).size).to.equal(0)
		expect(look(clock, 15).size).to.equal(0)
	})

	it('tells when the next drain ends', () => {
		const clock = new DrainClock()
		expect(clock.nextEnd([KEY], 0)).to.equal(Number.POSITIVE_INFINITY)
		look(clock, 5)
		expect(clock.nextEnd([KEY, OTHER], 5)).to.equal(5 + DEADLINE)
		expect(clock.nextEnd([KEY, OTHER], 5 + DEADLINE)).to.equal(Number.POSITIVE_INFINITY)
	})
})
