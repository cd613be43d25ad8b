import {RARELY, startIdle} from '../idle.ts'
import {slice} from '../objects.ts'
import {row} from '../row.ts'

row('B15', 'a slice of which only an annotation changed costs nothing', RARELY, async world => {
	const expectIdle = await startIdle(world)
	world.change(slice(undefined, {annotations: {'example.org/touched': 'yes'}, resourceVersion: '7'}))
	await expectIdle()
})
