import {expect} from 'chai'
import {BOTH, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('B2', 'slices of names and of the other family are ignored', {config: {auditInterval: '1h'}}, async world => {
	world.given(service(), slice())
	await world.settled()
	const before = world.kernel.dump()
	world.mark()
	world.change(
		slice(['a.example.org'], {name: 's-2', addressType: 'FQDN'}),
		slice(['fd00:244:0:1::5'], {name: 's-3', addressType: 'IPv6'}),
	)
	await world.advance(10_000)
	if (world.isQuiet) {
		expect(world.calls()).to.deep.equal([])
	}
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	expect(world.kernel.dump()).to.deep.equal(before)
	expect(world.problems()).to.deep.equal([])
})
