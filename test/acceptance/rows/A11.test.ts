import {expect} from 'chai'
import {service, slice} from '../objects.ts'
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
		world.remove(service())
		await world.advance(10_000)
		if (world.isQuiet) {
			expect(world.writes()).to.deep.equal([])
		}
		await world.settled()
		expect(world.kernel.dump()).to.deep.equal(before)
	},
)
