import {expect} from 'chai'
import {World} from '../acceptance/world.ts'
import {connect} from './lives-of-services.ts'
import {serviceOf, sliceOf} from './many-services.ts'

const ENDPOINT = '10.245.9.1'

describe('what steers packets to endpoints that answer by themselves', () => {
	let world: World
	const steering = () => world.kernel.dump().filter(line => line.startsWith('steering '))

	afterEach(() => world.stop())

	it('stays over a restart while a Service that is gone drains, and no longer', async () => {
		world = new World({config: {auditInterval: '1h'}}, undefined)
		world.given(...[serviceOf('direct-routing', 1), sliceOf('direct-routing', 1, [ENDPOINT])])
		await world.settled()
		const before = steering()
		expect(before).to.have.length.above(0)
		connect(world, new Set([ENDPOINT]), 1)
		world.remove(serviceOf('direct-routing', 1), sliceOf('direct-routing', 1))
		await world.advance(2000)
		expect(steering()).to.deep.equal(before)
		const others = Array.from({length: 300}, (_, at) => serviceOf('tcp', 10 + at))
		world.change(serviceOf('tcp', 2), ...others)
		await world.advance(2000)
		await world.restart()
		await world.advance(2000)
		expect(steering()).to.deep.equal(before)
		connect(world, new Set([ENDPOINT]), 0)
		await world.advance(2000)
		expect(steering()).to.deep.equal([])
	})
})
