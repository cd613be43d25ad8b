import {expect} from 'chai'
import {RARELY, startIdle} from '../idle.ts'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('B2', 'a slice of names is ignored', RARELY, async world => {
	const expectIdle = await startIdle(world)
	world.change(slice(['a.example.org'], {name: 's-2', addressType: 'FQDN'}))
	await expectIdle()
	expect(world.problems()).to.deep.equal([])
})

row('B2', 'a slice of the other family costs no call', RARELY, async world => {
	world.given(service(), slice())
	await world.settled()
	await world.advance(1000)
	const before = world.kernel.dump()
	world.mark()
	// The one process for both families looks at it, and has nothing to do.
	world.change(slice(['fd00:244:0:1::5'], {name: 's-3', addressType: 'IPv6'}))
	await world.advance(10_000)
	if (world.isQuiet) {
		expect(world.calls()).to.deep.equal([])
	}
	await world.settled()
	expect(world.kernel.dump()).to.deep.equal(before)
	expect(world.problems()).to.deep.equal([])
})
