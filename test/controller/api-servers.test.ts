import {expect} from 'chai'
import {combineObservers} from '../../src/observe/combine-observers.ts'
import {sampleNode, sampleService, sampleSlice} from '../kubernetes/samples.ts'
import {type ApiServer, startApiServer} from '../support/api-server/start-api-server.ts'
import {eventually} from '../support/eventually.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {runFromServers} from './run-from-servers.ts'

/** All of them hold the same objects in the same versions, as those of one cluster do. */
describe('several API servers', () => {
	let servers: readonly ApiServer[]
	let fake: FakeKernel
	let stop: () => Promise<void>

	const put = (...objects: Parameters<ApiServer['put']>[0][]) => {
		for (const server of servers) {
			for (const object of objects) {
				server.put(object)
			}
		}
	}
	const externalIP = (ip: string) => sampleService('web', {externalIPs: [ip]})
	const untilServed = (ip: string) =>
		eventually(() =>
			expect(
				fake.dump().some(line => line.includes(`${ip}:80`)),
				ip,
			).to.equal(true),
		)

	const start = (urls: readonly string[]) => {
		fake = new FakeKernel()
		const access = (servers[0] as ApiServer).access('certificate')
		const end = runFromServers({...access, servers: urls}, fake, {
			observer: combineObservers([]),
			report: () => undefined,
		})
		stop = async () => {
			await end()
			await Promise.all(servers.map(server => server.close()))
		}
	}

	beforeEach(async () => {
		servers = await Promise.all([0, 1].map(() => startApiServer({bookmarkMilliseconds: 30})))
		put(sampleNode('n1'), externalIP('203.0.113.1'), sampleSlice('web-1', ['10.244.0.5']))
	})

	afterEach(() => stop())

	it('are watched one at a time, in their order', async () => {
		start(servers.map(({url}) => url))
		await untilServed('203.0.113.1')
		await eventually(() => expect(servers.map(server => server.openWatches())).to.deep.equal([4, 0]))
	})

	it('do without the first one', async () => {
		start(['https://127.0.0.1:1', ...servers.map(({url}) => url)])
		await untilServed('203.0.113.1')
	})

	it('stand in for one that ends, with nothing taken away and no change lost', async () => {
		start(servers.map(({url}) => url))
		await untilServed('203.0.113.1')
		const before = fake.dump()
		await servers[0]?.close()
		await eventually(() => expect(servers[1]?.openWatches()).to.equal(4))
		expect(fake.dump()).to.deep.equal(before)
		servers[1]?.put(externalIP('203.0.113.2'))
		await untilServed('203.0.113.2')
	})
})
