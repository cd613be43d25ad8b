import {expect} from 'chai'
import {SERVICE_CIDRS} from '../../src/kubernetes/resource.ts'
import {eventually} from '../support/eventually.ts'
import {useReflection} from './reflect.ts'
import {sampleServiceCIDR} from './samples.ts'

describe('reflector of a resource that is optional', () => {
	const {start} = useReflection()
	const objects = [sampleServiceCIDR('kubernetes', '10.96.0.0/16')]
	const startRefused = (code: number, times: number) =>
		start({
			resource: SERVICE_CIDRS,
			server: {objects},
			limits: {absentMilliseconds: 20},
			prepare: double => double.fault({fault: 'status', code, times, resource: 'servicecidrs'}),
		})

	for (const [code, kind] of [
		[404, 'absent'],
		[403, 'forbidden'],
	] as const) {
		it(`is synced at a ${code}, says it once, and asks again now and then until there is one`, async () => {
			const {sink, server, reports, kinds} = await startRefused(code, 4)
			await eventually(() => expect(sink.log).to.deep.equal(['synced ServiceCIDR', '+ServiceCIDR kubernetes']))
			expect(server.requests.filter(({verb}) => verb === 'list')).to.have.length(5)
			await eventually(() => expect(kinds()).to.deep.equal([kind, 'recovered']))
			expect(reports[0]?.message).to.match(new RegExp(`^list ServiceCIDR: ${code}: .*; done without it$`))
		})
	}

	it('does not ask again at once', async () => {
		const {server, sink} = await start({
			resource: SERVICE_CIDRS,
			limits: {absentMilliseconds: 60_000},
			prepare: double => double.fault({fault: 'status', code: 404, times: 100}),
		})
		await eventually(() => expect(sink.log).to.deep.equal(['synced ServiceCIDR']))
		// Twenty times the back-off of these tests.
		await new Promise(resolve => setTimeout(resolve, 320))
		expect(server.requests).to.have.length(1)
	})

	it('keeps what it knew when the right is taken away', async () => {
		const {server, sink, kinds} = await start({
			resource: SERVICE_CIDRS,
			server: {objects},
			limits: {absentMilliseconds: 20},
		})
		await eventually(() => expect(server.openWatches()).to.equal(1))
		server.fault({fault: 'status', code: 403, times: 3})
		server.fault({fault: 'drop'})
		await eventually(() => expect(kinds()).to.deep.equal(['interrupted', 'forbidden', 'recovered']))
		expect(sink.log).to.deep.equal(['+ServiceCIDR kubernetes', 'synced ServiceCIDR'])
	})

	it('is not synced by trouble of another kind', async () => {
		const {sink, kinds} = await startRefused(503, 3)
		await eventually(() => expect(sink.log).to.deep.equal(['+ServiceCIDR kubernetes', 'synced ServiceCIDR']))
		expect(kinds()[0]).to.equal('failing')
	})
})
