import {expect} from 'chai'
import {type EchoServer, startEcho} from '../../e2e/topology/echo.ts'
import type {Host} from '../../e2e/topology/hosts.ts'
import {Load, type LoadOptions, type LoadResult} from '../../e2e/topology/load.ts'
import {createTopology, type Topology} from '../../e2e/topology/topology.ts'

const PORT = 8080
const SOURCE_PORTS = {first: 10_000, count: 200}

/** A load is only worth something if it notices what goes wrong. */
describe('a constant load', function () {
	this.timeout(300_000)
	let topology: Topology
	let pod: Host
	let echo: EchoServer

	const start = (options: Partial<LoadOptions> = {}) => {
		const targets = [pod.addresses.ipv4, pod.addresses.ipv6].map(address => ({address, port: PORT}))
		return Load.start(topology, topology.node('n1'), {targets, interval: 5, sourcePorts: SOURCE_PORTS, ...options})
	}
	const until = async (load: Load, fits: (result: LoadResult) => boolean): Promise<LoadResult> => {
		for (const end = Date.now() + 120_000; ; ) {
			const result = await load.look()
			if (fits(result)) {
				return result
			}
			expect(Date.now(), `waited for something else than ${JSON.stringify(result)}`).to.be.below(end)
			await new Promise(resolve => setTimeout(resolve, 50))
		}
	}

	before(async () => {
		topology = await createTopology({name: 'load', nodes: [{name: 'n1', pods: ['a']}]})
		pod = topology.pod('a')
	})

	beforeEach(async () => {
		echo = await startEcho(topology, pod, {ports: [PORT]})
	})

	afterEach(() => echo.stop())
	after(() => topology?.destroy())

	it('uses its source ports again and again, and loses nothing when nothing is wrong', async () => {
		const load = await start({long: 4})
		await until(load, ({requests}) => requests > 3 * 2 * SOURCE_PORTS.count)
		const {requests, pods, ...rest} = await load.stop()
		expect(rest).to.deep.include({failed: 0, slow: 0, longOpened: 4, longEnded: 0, longLost: 0, failures: []})
		expect(pods).to.deep.equal({a: requests})
	})

	it('keeps to the source ports of each target with long connections as well', async () => {
		const load = await start({long: 4, interval: 20})
		await until(load, ({longRequests}) => longRequests > 8)
		const {stdout} = await topology.exec(topology.node('n1'), 'ss', [
			'-tnH',
			'state',
			'established',
			`dport = :${PORT}`,
		])
		await load.stop()
		const ports = [...stdout.matchAll(/:(\d+) +\S+:8080/g)].map(([, port]) => Number(port))
		expect(ports).to.have.lengthOf.at.least(4)
		expect(ports.filter(port => port < SOURCE_PORTS.first || port >= SOURCE_PORTS.first + 2 * SOURCE_PORTS.count)).to.be
			.empty
	})

	it('tells a server that ends as it should from one that is killed', async () => {
		const load = await start({long: 4, interval: 20})
		await until(load, ({longRequests}) => longRequests > 20)
		await echo.finish()
		const finished = await until(load, ({failed, longEnded}) => failed > 0 && longEnded >= 4)
		expect(finished).to.include({longEnded: 4, longLost: 0, slow: 0})
		expect(finished.failures.map(({kind}) => kind)).to.include('refused')
		echo = await startEcho(topology, pod, {ports: [PORT]})
		await until(load, ({longRequests}) => longRequests > finished.longRequests + 20)
		await echo.stop()
		const {longEnded, longLost} = await load.stop()
		expect(longEnded + longLost).to.equal(8)
	})

	it('counts answers that are late, and those that never come', async () => {
		const load = await start({timeoutMs: 2000, interval: 40})
		const signal = async (name: string) =>
			topology.exec(topology.node('n1'), 'sh', ['-c', `kill -${name} $(ip netns pids ${pod.namespace})`])
		await until(load, ({requests}) => requests > 5)
		await signal('STOP')
		const {failures} = await until(load, ({failed}) => failed > 0)
		expect(failures.find(({kind}) => kind !== 'slow')).to.include({kind: 'timeout', isLong: false, pod: ''})
		await signal('CONT')
		const {slow, slowest} = await until(load, result => result.slow > 0)
		expect({slow, slowest}).to.satisfy(() => slow > 0 && slowest > 900)
		await load.stop()
	})
})
