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
		clock.keep(new Set([OTHER]))
		expect(look(clock, DEADLINE)).to.deep.equal(new Set([`${OTHER} 10.244.1.5:80`]))
	})
})
