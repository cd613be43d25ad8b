import {expect} from 'chai'
import {makeObjects} from '../../../bench/objects.ts'
import type {RawRun} from '../../../bench/raw-results.ts'
import {type Report, resultsOf} from '../../../bench/result.ts'
import {type Assumptions, billOf, ENVELOPE_BYTES} from '../../../bench/scaling/bill.ts'
import {type Costs, costsOf, measureBytes} from '../../../bench/scaling/costs.ts'
import {renderScaling} from '../../../bench/scaling/page.ts'
import {sampleRun} from '../sample-run.ts'

const MACHINE = {cpu: 'UML', cores: 1, memoryGb: 3, kernel: '6.1.0', kernelKind: 'uml', node: 'v24.0.0'}

const withProcess = (services: number, rssMb: number, firstSyncMs: number): RawRun => {
	const run = sampleRun(services)
	return {
		...run,
		results: {
			...run.results,
			process: {
				startup: {firstSyncMs, apiServerCpuMs: 1, operations: 1},
				memory: {rssMb, peakMb: rssMb},
				restart: {firstSyncMs, operations: 0},
			},
		},
	}
}

const resultsFor = (...runs: readonly RawRun[]) => resultsOf({machine: MACHINE, runs})

const COSTS: Costs = {
	rssBytes: {base: 90e6, perObject: 1000},
	firstSyncMs: {base: 1000, perObject: 0.5},
	auditMs: {base: 100, perObject: 0.05},
	changeCpuMs: 5,
	measuredObjects: 6000,
}

const BYTES = {service: 1000, slice: 800, endpoint: 300, node: 600}

const CLUSTER: Assumptions = {
	podsPerNode: 100,
	podsPerService: 200,
	podHours: 10,
	writesPerPod: 4,
	nodeReportSeconds: 300,
	nodeBytes: 10_000,
	auditSeconds: 30,
}

describe('the bill of a large cluster', () => {
	it('has the bytes of the objects of the benchmark', () => {
		const {service, slice, endpoint, node} = measureBytes()
		const [twenty] = makeObjects({services: 1000, endpoints: 20}).slices(500)
		const expected = Buffer.byteLength(JSON.stringify(twenty))
		expect(slice + 20 * endpoint).to.be.closeTo(expected, 0.01 * expected)
		expect(service).to.equal(
			Buffer.byteLength(JSON.stringify(makeObjects({services: 1000, endpoints: 5}).service(500))),
		)
		expect(node).to.be.greaterThan(300)
	})

	it('draws a line through the smallest and the largest run', () => {
		const runs = resultsFor(withProcess(10_000, 150, 9000), withProcess(1000, 96, 3000), withProcess(2000, 120, 3500))
		const costs = costsOf(runs)
		expect(costs.rssBytes).to.deep.equal({base: 90e6, perObject: 1000})
		expect(costs.firstSyncMs.base + costs.firstSyncMs.perObject * 60_000).to.be.closeTo(9000, 1e-6)
		expect(costs.measuredObjects).to.equal(60_000)
	})

	it('needs two sizes', () => {
		expect(() => costsOf(resultsFor(withProcess(1000, 96, 3000)))).to.throw('two sizes')
	})

	it('follows its inputs', () => {
		const bill = billOf(1000, CLUSTER, BYTES, COSTS)
		expect(bill.services).to.equal(500)
		expect(bill.list.bytes).to.equal(500 * 1000 + 1000 * 800 + 100_000 * 300 + 1000 * 10_000)
		expect(bill.list.allBytes).to.equal(bill.list.bytes * 1000)
		expect(bill.list.pages).to.equal(1 + 2 + 2 + 1)
		const events = (100_000 * 4) / 36_000
		expect(bill.watch.sliceEvents).to.be.closeTo(events, 1e-9)
		expect(bill.watch.sliceBytes).to.be.closeTo(events * (ENVELOPE_BYTES + 800 + 100 * 300), 1e-6)
		expect(bill.watch.allBytes).to.equal((bill.watch.sliceBytes + bill.watch.nodeBytes) * 1000)
		expect(bill.comeback).to.deep.equal({seconds: 0.8, requestsPerSecond: 5000})
		expect(bill.node.rssBytes).to.equal(90e6 + 100_500 * 1000)
		expect(bill.node.changeCpu).to.be.closeTo(events * 0.005, 1e-9)
		expect(bill.node.auditCpu).to.be.closeTo((100 + 100_500 * 0.05) / 30_000, 1e-9)
		expect(bill.node.isExtrapolated).to.equal(true)
	})

	it('grows with the square of the nodes for the API server, and with the nodes for each of them', () => {
		const [small, large] = [100, 1000].map(nodes => billOf(nodes, CLUSTER, BYTES, COSTS))
		expect((large?.watch.allBytes ?? 0) / (small?.watch.allBytes ?? 0)).to.be.closeTo(100, 1e-6)
		expect((large?.list.bytes ?? 0) / (small?.list.bytes ?? 0)).to.be.closeTo(10, 1e-6)
	})

	it('makes a page of a run', () => {
		const runs = resultsFor(withProcess(1000, 96, 3000), withProcess(10_000, 150, 9000))
		const machine = {...MACHINE, hostCpu: 'Some CPU', hostCores: 2}
		const report: Report = {machine, date: '2026-01-01', arguments: [], runs}
		const page = renderScaling(report, measureBytes())
		expect(page).to.contain('| nodes | 100 | 1,000 | 10,000 |')
		expect(page).to.contain('| resident memory | 90 MB and 1,000 bytes an object |')
		expect(page).not.to.match(/NaN|undefined|Infinity/)
	})
})
