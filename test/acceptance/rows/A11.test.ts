import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {pendingIn} from '../reports.ts'
import {row} from '../row.ts'

row(
	'A11',
	'a Service that comes and goes before a sync leaves no trace',
	{config: {auditInterval: '1h'}},
	async world => {
		world.given(slice())
		await world.settled()
		const before = world.kernel.dump()
		world.mark()
		world.change(service())
		expect(await pendingIn(world)).to.deep.equal([1, 0])
		world.remove(service())
		expect(await pendingIn(world)).to.deep.equal([0, 0])
		await world.advance(10_000)
		if (world.isQuiet) {
			expect(world.writes()).to.deep.equal([])
		}
		await world.settled()
		expect(world.kernel.dump()).to.deep.equal(before)
	},
)
