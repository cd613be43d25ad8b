import {expect} from 'chai'
import {BOTH, service, slice} from '../objects.ts'
import {pendingIn} from '../reports.ts'
import {row} from '../row.ts'

row('B3', 'a slice without the name of a Service is ignored', {config: {auditInterval: '1h'}}, async world => {
	world.given(service(), slice())
	await world.settled()
	// An audit is followed by a look at the addresses.
	await world.advance(1000)
	const before = world.kernel.dump()
	const syncs = world.observer.syncs.length
	world.change(
		slice(['10.244.1.6'], {name: 's-2', labels: {}}),
		slice(['10.244.1.7'], {name: 's-3', labels: {'kubernetes.io/service-name': ''}}),
	)
	expect(await pendingIn(world)).to.deep.equal([0, 0])
	await world.advance(10_000)
	if (world.isQuiet) {
		expect(world.observer.syncs).to.have.length(syncs)
	}
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	expect(world.kernel.dump()).to.deep.equal(before)
})
