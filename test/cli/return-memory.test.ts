import {expect} from 'chai'
import {returnMemory} from '../../src/cli/return-memory.ts'
import type {SyncReport} from '../../src/observe/observer.ts'

const REPORT: SyncReport = {kind: 'change', done: new Map(), failures: [], milliseconds: 1, services: 1}

describe('memory that is given back', () => {
	let time: number
	let timers: {readonly at: number; readonly callback: () => void}[]
	let collected: number[]
	let trimmed: number[]
	let memory: ReturnType<typeof returnMemory>

	beforeEach(() => {
		time = 0
		timers = []
		collected = []
		trimmed = []
		const after = (milliseconds: number, callback: () => void) => {
			const timer = {at: time + milliseconds, callback}
			timers.push(timer)
			return () => void timers.splice(timers.indexOf(timer), 1)
		}
		const tools = {collect: () => void collected.push(time), trim: () => void trimmed.push(time)}
		memory = returnMemory({now: () => time, wall: () => time, after}, tools)
	})

	const passTo = (later: number) => {
		time = later
		for (const timer of timers.filter(({at}) => at <= time)) {
			timers.splice(timers.indexOf(timer), 1)
			timer.callback()
		}
	}
	const sync = (services: number) => {
		for (let number = 0; number < services; number++) {
			memory.observer.compiled(`demo/${number}`, undefined)
		}
		memory.observer.synced(REPORT)
	}

	it('is that of a sync of very many Services, a second later', () => {
		sync(1000)
		passTo(999)
		expect(collected).to.deep.equal([])
		passTo(1000)
		expect(collected).to.deep.equal([1000])
		expect(trimmed).to.deep.equal([1000])
	})

	it('is that of the first sync, however small', () => {
		memory.observer.synced({...REPORT, kind: 'first'})
		passTo(1000)
		expect(collected).to.deep.equal([1000])
	})

	it('is not that of any number of small syncs', () => {
		for (let round = 0; round < 100; round++) {
			sync(999)
		}
		expect(timers).to.deep.equal([])
	})

	it('is given back once in ten minutes, and never forgotten', () => {
		sync(1000)
		passTo(1000)
		sync(5000)
		sync(5000)
		passTo(600_999)
		expect(collected).to.deep.equal([1000])
		passTo(601_000)
		expect(collected).to.deep.equal([1000, 601_000])
		expect(timers).to.deep.equal([])
	})

	it('is, outside of V8, given back with each audit', () => {
		memory.observer.synced({...REPORT, kind: 'audit'})
		expect(trimmed).to.deep.equal([0])
		expect(collected).to.deep.equal([])
	})

	it('is kept by a process that ends', () => {
		sync(1000)
		memory.stop()
		expect(timers).to.deep.equal([])
	})
})
