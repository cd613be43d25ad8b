import {expect} from 'chai'
import {
	CHANGE_TRAFFIC,
	COLD_SYNC_OPERATIONS,
	COLD_SYNC_TRAFFIC,
	MOST_FRAME_OPERATIONS,
	TESTED_SIZE,
} from '../../bench/limits.ts'
import {measureApart} from '../../bench/measure-apart.ts'
import type {Settings} from '../../bench/measurements.ts'
import {CHANGE_KINDS} from '../../bench/own/needed.ts'

const SETTINGS: Settings = {...TESTED_SIZE, changes: 10, churnSeconds: 0}

const OF_OBJECTS = Object.values(COLD_SYNC_OPERATIONS).reduce((sum, count) => sum + count, 0)

/** Counts do not depend on the machine, so they are what a regression shows in. */
describe(`what a sync of ${TESTED_SIZE.services} Services asks of the kernel`, function () {
	this.timeout(300_000)

	it('is what the objects need, in few datagrams and processes', async () => {
		const {operations, kinds, sends, processes} = await measureApart('cold-sync', SETTINGS)
		expect(kinds).to.include(COLD_SYNC_OPERATIONS)
		expect(operations - OF_OBJECTS).to.be.within(1, MOST_FRAME_OPERATIONS)
		expect(sends).to.be.at.most(COLD_SYNC_TRAFFIC.sends)
		expect(processes).to.be.at.most(COLD_SYNC_TRAFFIC.processes)
	})

	it('is exactly what one change needs', async () => {
		const changes = await measureApart('changes', SETTINGS)
		for (const kind of CHANGE_KINDS) {
			const {operations, neededOperations, sends, processes} = changes[kind]
			expect(operations, kind).to.equal(neededOperations)
			expect(sends, kind).to.be.at.most(CHANGE_TRAFFIC.sends)
			expect(processes, kind).to.be.at.most(CHANGE_TRAFFIC.processes)
		}
	})

	it('is nothing in an audit', async () => {
		expect((await measureApart('audit', SETTINGS)).operations).to.equal(0)
	})

	it('is nothing after a restart', async () => {
		const {startup, restart} = await measureApart('process', SETTINGS)
		expect(startup.operations - OF_OBJECTS).to.be.within(1, MOST_FRAME_OPERATIONS)
		expect(restart.operations).to.equal(0)
	})
})
