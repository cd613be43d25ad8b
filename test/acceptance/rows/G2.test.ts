import {expectDrain} from '../draining.ts'
import {row} from '../row.ts'

row('G2', 'an endpoint that is removed keeps its connections until they end', async world => {
	await expectDrain(world, 3)
})
