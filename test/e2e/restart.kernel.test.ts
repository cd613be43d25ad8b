import {expect} from 'chai'
import {readNodeState} from '../../e2e/scenario/node-state.ts'
import {serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {createServedTopology, type ServedTopology} from '../../e2e/scenario/served-topology.ts'
import {type Connection, openConnection} from '../../e2e/topology/connection.ts'

/** When the process is killed, as parts of the time that it takes from its start to the end of its first sync. */
const MOMENTS = [0.6, 0.75, 0.85, 0.95]

describe('a restart', function () {
	this.timeout(300_000)
	let served: ServedTopology
	let expected: readonly string[]

	const state = () => readNodeState(served.topology, served.topology.node('n1'))

	before(async () => {
		served = await createServedTopology('restart')
		const {objects, topology} = served
		for (let number = 1; number <= 20; number++) {
			const name = `s${number}`
			const nodePort = number <= 5 ? 30000 + number : 0
			await objects.apply(serviceObject({name, number, nodePort}), ...sliceObjects(name, topology.pods))
		}
		const first = await served.kubeLvs.start()
		expect(first.operations).to.be.above(500)
		expected = await state()
	})

	after(() => served?.destroy())

	it('with nothing changed plans and writes nothing', async () => {
		await served.kubeLvs.stop()
		const {stdout, exitCode} = await served.kubeLvs.command('plan')
		expect({stdout, exitCode}).to.deep.equal({stdout: '0 operations', exitCode: 0})
		expect(await served.kubeLvs.start()).to.include({operations: 0, failures: 0})
		expect(await state()).to.deep.equal(expected)
	})

	it('and a SIGTERM leave an established TCP connection through a VIP alone', async () => {
		const {topology, kubeLvs} = served
		const connections: Connection[] = []
		for (const host of [topology.pod('a'), topology.node('n1'), topology.client('outside')]) {
			connections.push(await openConnection(topology, host, {address: '10.96.0.1', port: 80}))
		}
		const answers = await Promise.all(connections.map(connection => connection.ask()))
		const steps = [
			() => kubeLvs.stop('SIGTERM'),
			() => kubeLvs.start(),
			() => kubeLvs.stop('SIGKILL'),
			() => kubeLvs.start(),
		]
		for (const step of steps) {
			const result = await step()
			expect(result === 0 || typeof result === 'object' || result === undefined).to.equal(true)
			const again = await Promise.all(connections.map(connection => connection.ask()))
			expect(again.map(({pod}) => pod)).to.deep.equal(answers.map(({pod}) => pod))
		}
		await Promise.all(connections.map(connection => connection.close()))
	})

	it('after kill -9 at any moment ends in the same kernel state', async () => {
		const {kubeLvs} = served
		await kubeLvs.stop()
		await kubeLvs.command('cleanup')
		const start = Date.now()
		await kubeLvs.start()
		const whole = Date.now() - start
		await kubeLvs.stop()
		for (const moment of MOMENTS) {
			const cleanup = await kubeLvs.command('cleanup')
			expect(cleanup.exitCode, cleanup.stderr).to.equal(0)
			kubeLvs.launch()
			await new Promise(resolve => setTimeout(resolve, moment * whole))
			await kubeLvs.stop('SIGKILL')
			await kubeLvs.start()
			expect(await state(), `killed at ${moment} of the first sync`).to.deep.equal(expected)
			await kubeLvs.stop()
		}
	})
})
