import {expect} from 'chai'
import {SERVICE_CIDRS} from '../../src/kubernetes/resource.ts'
import {WatchAges} from '../../src/kubernetes/watch-ages.ts'
import {eventually} from '../support/eventually.ts'
import {sampleServices, useReflection} from './reflect.ts'

describe('the age of a watch', () => {
	const {start} = useReflection()
	const time = {now: 0}
	const clock = {now: () => time.now}
	const ageOf = (ages: WatchAges, kind: string) => new Map<string, number>(ages.read()).get(kind)

	it('counts from the start where the server was never heard', () => {
		const ages = new WatchAges(clock)
		time.now += 2500
		expect([...ages.read()]).to.deep.include(['Node', 2.5])
	})

	it('begins anew with the list, the watch and each bookmark', async () => {
		const ages = new WatchAges(clock)
		time.now += 5000
		const {server} = await start({ages, server: {objects: sampleServices(1), bookmarkMilliseconds: 60_000}})
		await eventually(() => expect(server.openWatches()).to.equal(1))
		await eventually(() => expect(ageOf(ages, 'Service')).to.equal(0))
		expect(ageOf(ages, 'Node')).to.equal(5)
		time.now += 5000
		expect(ageOf(ages, 'Service')).to.equal(5)
		server.bookmark()
		await eventually(() => expect(ageOf(ages, 'Service')).to.equal(0))
	})

	it('is not told of a resource that the server does not have', async () => {
		const ages = new WatchAges(clock)
		await start({
			ages,
			resource: SERVICE_CIDRS,
			limits: {absentMilliseconds: 60_000},
			prepare: double => double.fault({fault: 'status', code: 404, times: 100}),
		})
		await eventually(() => expect(ageOf(ages, 'ServiceCIDR')).to.equal(undefined))
	})
})
