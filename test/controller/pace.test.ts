import {expect} from 'chai'
import type {ObjectChange} from '../../src/model/object.ts'
import {service, slice} from '../model/build.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {RecordingObserver} from '../support/recording-observer.ts'
import {QUICK_CONFIG, runController} from './run-controller.ts'

const wait = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

/** So many endpoints of `ns/s`. */
const endpoints = (count: number): ObjectChange => ({
	kind: 'EndpointSlice',
	key: 'ns/s-1',
	object: slice(
		's-1',
		Array.from({length: count}, (_, at) => `10.244.1.${at + 1}`),
	),
})

describe('the pace of the controller', () => {
	const start = async (settings: Partial<typeof QUICK_CONFIG>) => {
		const fake = new FakeKernel()
		const observer = new RecordingObserver()
		const {controller, allSynced, stop} = runController(fake, observer, {...QUICK_CONFIG, ...settings})
		controller.change({kind: 'Service', key: 'ns/s', object: service()})
		controller.change(endpoints(2))
		allSynced()
		await observer.untilSyncs(1)
		return {fake, observer, controller, stop}
	}

	it('lets no stream of failing changes put an audit off', async () => {
		const {fake, observer, controller, stop} = await start({auditInterval: 100})
		fake.failNext({kind: 'errno', errno: 'EPERM', command: 'new-dest'}, 10_000)
		const audits = () => observer.syncs.filter(({kind}) => kind === 'audit').length
		for (let round = 0; round < 1000 && audits() < 3; round++) {
			controller.change(endpoints(2 + (round % 3)))
			await wait(10)
		}
		await stop()
		expect(audits()).to.be.at.least(3)
	})

	it('asks for no sync before all is listed: what the API server holds back makes no node unhealthy', async () => {
		const requests: unknown[] = []
		const observer = Object.assign(new RecordingObserver(), {requested: (asked: unknown) => requests.push(asked)})
		const {controller, allSynced, stop} = runController(new FakeKernel(), observer)
		controller.change({kind: 'Service', key: 'ns/s', object: service()})
		controller.synced('Service')
		controller.change(endpoints(2))
		expect(requests).to.deep.equal([])
		allSynced()
		expect(requests).to.deep.equal([['ipv4', 'ipv6']])
		allSynced()
		controller.change(endpoints(3))
		expect(requests).to.have.length(2)
		await stop()
	})

	it('does not begin a sync for an object that comes again as it is', async () => {
		const {observer, controller, stop} = await start({auditInterval: 3_600_000})
		for (let round = 0; round < 5; round++) {
			controller.change({kind: 'Service', key: 'ns/s', object: service()})
			controller.change(endpoints(2))
			await wait(10)
		}
		controller.change(endpoints(3))
		await observer.untilSyncs(2)
		await stop()
		expect(observer.syncs.map(({kind, outcomes}) => [kind, outcomes.length > 0])).to.deep.equal([
			['first', true],
			['change', true],
		])
	})

	it('lets no stream of changes put the end of a drain off', async () => {
		const {fake, observer, controller, stop} = await start({auditInterval: 3_600_000, drainInterval: 50})
		fake.ipvs.setConnections('tcp 10.96.0.10:80', '10.244.1.2:8080', 1)
		controller.change(endpoints(1))
		await observer.untilSyncs(2)
		expect(fake.dump().join('\n')).to.include('10.244.1.2:8080')
		fake.ipvs.setConnections('tcp 10.96.0.10:80', '10.244.1.2:8080', 0)
		const isGone = () => !fake.dump().join('\n').includes('10.244.1.2:8080')
		for (let round = 0; round < 1000 && !isGone(); round++) {
			controller.change({kind: 'Service', key: 'ns/t', object: service({name: 't', clusterIPs: [], createdAt: round})})
			await wait(10)
		}
		const wasGone = isGone()
		await stop()
		expect(wasGone).to.equal(true)
	})
})
