import {expect} from 'chai'
import {MEASUREMENT_NAMES} from '../../bench/measurement-names.ts'
import type {RawResults, RawRun} from '../../bench/raw-results.ts'
import {renderMarkdownTable, renderTable} from '../../bench/report/table.ts'
import {fileOf, type Report, reportOf, resultsOf, stagesOf} from '../../bench/result.ts'
import {sampleRun} from './sample-run.ts'

const machine = {cpu: 'UML', cores: 1, memoryGb: 3, kernel: '6.1', kernelKind: 'uml', node: 'v24'}
const results = (...runs: RawRun[]) => resultsOf({machine, runs} satisfies RawResults)

const at = (object: object, path: string): unknown =>
	path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object)

const report = (...runs: RawRun[]): Report => ({
	machine: {...machine, hostCpu: 'fast', hostCores: 2},
	date: '2026-01-01',
	arguments: ['--services', '1000'],
	runs: results(...runs),
})

describe('the result of the benchmark', () => {
	it('has the numbers that are asked for, at the top level for one size', () => {
		const file = JSON.parse(JSON.stringify(fileOf(report(sampleRun(1000)))))
		const numbers = [
			...['services', 'coldSync.seconds', 'coldSync.floorSeconds', 'coldSync.ratioToFloor', 'coldSync.ipvsadmSeconds'],
			...['coldSync.keepalivedSeconds', 'change.medianMs', 'change.p99Ms', 'change.operations', 'restart.operations'],
			...['audit.seconds', 'memory.rssMb', 'startup.firstSyncMs'],
		]
		expect(numbers.filter(path => typeof at(file, path) !== 'number')).to.deep.equal([])
		expect(at(file, 'coldSync.ratioToFloor')).to.equal(2)
		expect(at(file, 'coldSync.fasterThanIpvsadm')).to.equal(10)
		expect(at(file, 'change.operations')).to.equal(3)
		expect(at(file, 'machine.hostCpu')).to.equal('fast')
	})

	it('has a run for each of several sizes, and is read back in both forms', () => {
		for (const whole of [report(sampleRun(100)), report(sampleRun(100), sampleRun(1000))]) {
			expect(reportOf(JSON.parse(JSON.stringify(fileOf(whole))))).to.deep.equal(JSON.parse(JSON.stringify(whole)))
		}
		expect(fileOf(report(sampleRun(100), sampleRun(1000))))
			.to.have.property('runs')
			.with.length(2)
	})

	it('leaves out what was not measured', () => {
		const none = {services: 10, endpoints: 5, results: {}, failures: {floor: 'broken'}}
		expect(JSON.parse(JSON.stringify(results(none)[0]))).to.deep.equal({
			services: 10,
			endpoints: 5,
			failures: {floor: 'broken'},
		})
	})

	it('divides what did not wait as the profile does, without the part that sends', () => {
		const doors = {netlink: 1000, ipset: 500, iptables: 500, programs: 0, files: 0}
		const stages = stagesOf({seconds: 4, doors}, {desired: 0.4, plan: 0.2, ipset: 0.2, sending: 0.2})
		expect(stages).to.deep.include({netlink: 1, desired: 1, plan: 0.5, ipset: 1, iptables: 0.5, encode: 0})
		expect(Object.values(stages).reduce((sum, seconds) => sum + seconds, 0)).to.be.closeTo(4, 1e-9)
	})

	it('is shown in a table with a column for each size', () => {
		const lines = renderTable(results(sampleRun(100), sampleRun(1000))).split('\n')
		expect(lines[0]).to.match(/^ +100 x 5 {2}1,000 x 5$/)
		expect(lines.find(line => line.startsWith('cold sync / floor'))).to.match(/ 2 +2$/)
		expect(lines.find(line => line.startsWith('endpoint changed, operations'))).to.match(/3 \/ 3 +3 \/ 3$/)
		expect(new Set(lines.map(line => line.length)).size, 'all are as wide').to.equal(1)
		expect(renderMarkdownTable(results(sampleRun(100)))).to.match(
			/^\| Services x endpoints \| 100 x 5 \|\n\| --- \| ---: \|\n/,
		)
	})

	it('shows no row that no size has', () => {
		const {floor: _, ...rest} = sampleRun(100).results
		expect(renderTable(results({...sampleRun(100), results: rest}))).not.to.include('floor')
	})

	it('knows each measurement in its sample', () => {
		expect(Object.keys(sampleRun(100).results).toSorted()).to.deep.equal(MEASUREMENT_NAMES.toSorted())
	})
})
