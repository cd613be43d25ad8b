import {expect} from 'chai'
import {Registry} from 'prom-client'
import {createMetrics} from '../../../src/observe/metrics/metrics.ts'
import {TrafficReading} from '../../../src/observe/metrics/traffic-reading.ts'
import type {ServiceTraffic} from '../../../src/observe/metrics/traffic-source.ts'
import {createManualClock} from '../../kubernetes/manual-clock.ts'
import {NO_READINGS, NO_TRAFFIC} from './readings.ts'

const found = (connections: number): ServiceTraffic => {
	const total = {connections, packetsIn: 1, packetsOut: 1, bytesIn: 1, bytesOut: 1}
	return {servers: [{service: 'ns/s', virtualServer: 'tcp 10.96.0.10:80', total}], endpoints: []}
}

const connectionsOf = ({servers}: ServiceTraffic) => servers[0]?.total.connections

const start = () => {
	const registry = new Registry()
	const clock = createManualClock(0)
	const metrics = createMetrics(registry, () => NO_READINGS, {kubeProxyMetrics: false})
	/** Readings that have begun; each ends when it is told how. */
	const begun: {readonly end: (result: ServiceTraffic) => void; readonly fail: () => void}[] = []
	const services = () =>
		new Promise<ServiceTraffic>((resolve, reject) => {
			begun.push({end: resolve, fail: () => reject(new Error('ENOMEM'))})
		})
	const reading = new TrafficReading({detail: 'service', source: {...NO_TRAFFIC, services}, clock, metrics})
	const failures = async () =>
		(await registry.getSingleMetric('kube_lvs_traffic_read_failures_total')?.get())?.values[0]?.value
	return {reading, clock, begun, failures}
}

describe('a reading of traffic', () => {
	it('is one for all who ask meanwhile', async () => {
		const {reading, begun} = start()
		const both = [reading.read(), reading.read()]
		expect(begun).to.have.lengthOf(1)
		begun[0]?.end(found(7))
		expect((await Promise.all(both)).map(connectionsOf)).to.deep.equal([7, 7])
	})

	it('is used again for nine times as long as it took', async () => {
		const {reading, clock, begun} = start()
		const first = reading.read()
		await clock.advance(100)
		begun[0]?.end(found(1))
		await first
		await clock.advance(899)
		expect(connectionsOf(await reading.read())).to.equal(1)
		expect(begun).to.have.lengthOf(1)
		await clock.advance(1)
		const second = reading.read()
		begun[1]?.end(found(2))
		expect(connectionsOf(await second)).to.equal(2)
	})

	it('is not waited for longer than a scrape can wait, and is there for the next one', async () => {
		const {reading, clock, begun} = start()
		const first = reading.read()
		await clock.advance(3000)
		expect(connectionsOf(await first)).to.equal(undefined)
		await clock.advance(3000)
		begun[0]?.end(found(1))
		await clock.advance(0)
		expect(connectionsOf(await reading.read())).to.equal(1)
		expect(begun).to.have.lengthOf(1)
	})

	it('that fails is counted, and what was read before is not told as if it were new', async () => {
		const {reading, clock, begun, failures} = start()
		const first = reading.read()
		begun[0]?.end(found(1))
		await first
		await clock.advance(1)
		const second = reading.read()
		begun[1]?.fail()
		expect(connectionsOf(await second)).to.equal(undefined)
		expect(await failures()).to.equal(1)
	})
})
