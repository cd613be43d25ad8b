import {RARELY, startIdle} from '../idle.ts'
import {slice} from '../objects.ts'
import {row} from '../row.ts'

row('B3', 'a slice without the name of a Service is ignored', RARELY, async world => {
	const expectIdle = await startIdle(world)
	world.change(
		slice(['10.244.1.6'], {name: 's-2', labels: {}}),
		slice(['10.244.1.7'], {name: 's-3', labels: {'kubernetes.io/service-name': ''}}),
	)
	await expectIdle()
})
