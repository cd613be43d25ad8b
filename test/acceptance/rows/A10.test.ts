import {RARELY, startIdle} from '../idle.ts'
import {service} from '../objects.ts'
import {row} from '../row.ts'

row('A10', 'a Service of which only annotations changed asks for no sync', RARELY, async world => {
	const expectIdle = await startIdle(world)
	world.change(service({}, {annotations: {'example.org/touched': 'yes'}, resourceVersion: '7'}))
	await expectIdle()
})
