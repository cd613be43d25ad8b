import {expectDrain} from '../draining.ts'
import {row} from '../row.ts'

row('G3', 'connections that are about to end keep a removed endpoint, too', async world => {
	await expectDrain(world, 0, 2)
})
