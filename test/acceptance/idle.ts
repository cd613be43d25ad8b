import {expect} from 'chai'
import {BOTH, service, slice} from './objects.ts'
import {lastQueuedIn, pendingIn} from './reports.ts'
import type {World} from './world.ts'

/** Without audits, so that whatever goes on was asked for. */
export const RARELY = {config: {auditInterval: '1h'}} as const

/**
 * Serves `ns/s` and waits until nothing goes on. Call the result after something that is no reason for a sync: it fails
 * where one was asked for or came, or the kernel was asked anything.
 */
export const startIdle = async (world: World): Promise<() => Promise<void>> => {
	world.given(service(), slice())
	await world.settled()
	// An audit is followed by a look at the addresses.
	await world.advance(1000)
	const before = world.kernel.dump()
	const syncs = world.observer.syncs.length
	const queued = await lastQueuedIn(world)
	world.mark()
	return async () => {
		expect(await pendingIn(world)).to.deep.equal([0, 0])
		expect(await lastQueuedIn(world)).to.deep.equal(queued)
		await world.advance(10_000)
		if (world.isQuiet) {
			expect(world.observer.syncs).to.have.length(syncs)
			expect(world.calls()).to.deep.equal([])
		}
		await world.settled()
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
		expect(world.kernel.dump()).to.deep.equal(before)
	}
}
