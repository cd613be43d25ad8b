import {expect} from 'chai'
import {BOTH, port, service, slice} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'

const EXTERNAL = '203.0.113.5'
const NODE_PORT = 30_080

const balanced = (externalTrafficPolicy: string) =>
	service(
		{type: 'LoadBalancer', externalTrafficPolicy, ports: [port({nodePort: NODE_PORT})]},
		{ingress: [{ip: EXTERNAL}]},
	)

describe('a Service whose externalTrafficPolicy becomes Cluster while clients inside are connected', () => {
	let world: World

	beforeEach(async () => {
		world = new World({config: {drainDeadline: '1m', drainInterval: '5s'}}, undefined)
		world.given(balanced('Local'), slice())
		await world.settled()
		const mark = Object.keys(world.servers()).find(key => key.startsWith('firewall-mark')) ?? ''
		world.kernel.ipvs.setConnections(mark, '10.244.2.5:8080', 1)
		world.change(balanced('Cluster'))
		await world.advance(10_000)
	})

	afterEach(() => world.stop())

	it('leads new ones to where it is served from now on, at once', () => {
		for (const server of [`tcp ${EXTERNAL}:80`, `tcp 192.0.2.10:${NODE_PORT}`]) {
			expect(world.inside(server)).to.deep.equal(BOTH)
		}
	})

	it('cuts none of the old ones', () => {
		expect(Object.keys(world.servers()).join('\n')).to.include('firewall-mark')
	})
})
