import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row(
	'B15',
	'a slice of which only an annotation changed costs nothing',
	{config: {auditInterval: '1h'}},
	async world => {
		world.given(service(), slice())
		await world.settled()
		const before = world.kernel.dump()
		world.mark()
		world.change(slice(undefined, {annotations: {'example.org/touched': 'yes'}, resourceVersion: '7'}))
		await world.advance(10_000)
		if (world.isQuiet) {
			expect(world.calls()).to.deep.equal([])
		}
		await world.settled()
		expect(world.kernel.dump()).to.deep.equal(before)
	},
)
