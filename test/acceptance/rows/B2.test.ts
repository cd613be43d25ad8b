import {expect} from 'chai'
import {BOTH, service, slice} from '../objects.ts'
import {lastQueuedIn, pendingIn} from '../reports.ts'
import {row} from '../row.ts'

row('B2', 'slices of names and of the other family are ignored', {config: {auditInterval: '1h'}}, async world => {
	world.given(service(), slice())
	await world.settled()
	// An audit is followed by a look at the addresses.
	await world.advance(1000)
	const before = world.kernel.dump()
	const syncs = world.observer.syncs.length
	const queued = await lastQueuedIn(world)
	world.mark()
	world.change(slice(['a.example.org'], {name: 's-2', addressType: 'FQDN'}))
	expect(await pendingIn(world)).to.deep.equal([0, 0])
	expect(await lastQueuedIn(world)).to.deep.equal(queued)
	await world.advance(10_000)
	if (world.isQuiet) {
		expect(world.observer.syncs).to.have.length(syncs)
	}
	// The one process for both families looks at this one, and has nothing to do.
	world.change(slice(['fd00:244:0:1::5'], {name: 's-3', addressType: 'IPv6'}))
	await world.advance(10_000)
	if (world.isQuiet) {
		expect(world.calls()).to.deep.equal([])
	}
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	expect(world.kernel.dump()).to.deep.equal(before)
	expect(world.problems()).to.deep.equal([])
})
