import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {lastQueuedIn, pendingIn} from '../reports.ts'
import {row} from '../row.ts'

row(
	'A10',
	'a Service of which only annotations changed asks for no sync',
	{config: {auditInterval: '1h'}},
	async world => {
		world.given(service(), slice())
		await world.settled()
		// An audit is followed by a look at the addresses.
		await world.advance(1000)
		const before = world.kernel.dump()
		const syncs = world.observer.syncs.length
		const queued = await lastQueuedIn(world)
		world.mark()
		world.change(service({}, {annotations: {'example.org/touched': 'yes'}, resourceVersion: '7'}))
		expect(await pendingIn(world)).to.deep.equal([0, 0])
		expect(await lastQueuedIn(world)).to.deep.equal(queued)
		await world.advance(10_000)
		if (world.isQuiet) {
			expect(world.observer.syncs).to.have.length(syncs)
			expect(world.calls()).to.deep.equal([])
		}
		await world.settled()
		expect(world.kernel.dump()).to.deep.equal(before)
	},
)
