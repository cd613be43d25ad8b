import {expect} from 'chai'
import {askHealthCheck, balanced} from '../health-check.ts'
import {port, slice, slicePort} from '../objects.ts'
import {row} from '../row.ts'

row('J6', 'a health-check node port counts pods, however many ports they have', async world => {
	const ports = [port({nodePort: 30080}), port({name: 'q', port: 81, nodePort: 30081})]
	const pods = slice(['10.244.1.5', '10.244.1.6', '10.244.2.5'], {
		ports: [slicePort(), slicePort({name: 'q', port: 8081})],
	})
	world.given(balanced(32000, {ports}), pods)
	await world.settled()
	expect(await askHealthCheck(world, '0.0.0.0:32000')).to.deep.equal({
		status: 200,
		weight: '2',
		body: {service: {namespace: 'ns', name: 's'}, localEndpoints: 2, serviceProxyHealthy: true},
	})
})
