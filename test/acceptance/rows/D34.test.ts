import {expect} from 'chai'
import {port, service} from '../objects.ts'
import {row} from '../row.ts'
import type {World} from '../world.ts'

const nodePortService = (at: number, nodePort: number) =>
	service({clusterIP: `10.96.${at >> 8}.${at & 255}`, type: 'NodePort', ports: [port({nodePort})]}, {name: `s${at}`})

/** Microseconds of the CPU: those of a clock are also spent by other processes. */
const cpuTime = (): number => {
	const {user, system} = process.cpuUsage()
	return user + system
}

/** CPU time of the first sync and of the one after the change. */
const measure = async (world: World, count: number): Promise<readonly [number, number]> => {
	const start = cpuTime()
	world.given(...Array.from({length: count}, (_, at) => nodePortService(at + 1, 30_000 + at)))
	await world.advance(1000)
	const first = cpuTime() - start
	world.mark()
	const again = cpuTime()
	world.change(nodePortService(7, 29_999))
	await world.advance(1000)
	return [first, cpuTime() - again]
}

row('D34', 'another node port of one of 10,000 Services', {config: {auditInterval: '1h'}}, async world => {
	const count = world.isQuiet ? 10_000 : 20
	const [first, change] = await measure(world, count)
	if (world.isQuiet) {
		expect(world.calls().length).to.be.below(10)
		// Not a tenth: time is no exact measure, the calls are.
		expect(change).to.be.below(first / 3)
	}
	await world.settled()
	expect(world.servers()).to.include.keys('tcp 192.0.2.10:29999', 'tcp 192.0.2.10:30000')
	expect(world.servers()).to.not.have.property('tcp 192.0.2.10:30006')
	expect(Object.keys(world.servers())).to.have.length(2 * count)
	expect(world.set('NODE-PORT-TCP')).to.have.length(count)
})
