import {expect} from 'chai'
import {pairsOf, renderDataPlane} from '../../../bench/data-plane/page.ts'
import type {DataPlane, Measured, Setting} from '../../../bench/data-plane/result.ts'

const measured = (setting: Partial<Setting>, medians: readonly number[]): Measured => ({
	setting: {services: 10, conntrack: 1, estimation: 1, idle: 0, tableBits: 12, ...setting},
	rounds: medians.map(medianUs => ({
		connections: 500,
		medianUs,
		p99Us: medianUs * 3,
		slowestUs: medianUs * 50,
		bytesPerSecond: 2e11 / medianUs,
	})),
})

const REPORT: DataPlane = {
	machine: {
		cpu: 'UML',
		cores: 1,
		memoryGb: 3,
		kernel: '6.1.0',
		kernelKind: 'uml',
		node: 'v24.0.0',
		hostCpu: 'Some CPU',
		hostCores: 2,
	},
	date: '2026-01-01',
	rules: [{services: 10, rules: 40, visited: 21, matched: 7}],
	sizes: [
		measured({}, [100, 110, 120]),
		measured({services: 5120}, [102, 109, 119]),
		measured({conntrack: 0}, [80, 88, 96]),
	],
	estimation: [measured({}, [100, 100, 100]), measured({estimation: 0}, [90, 90, 90])],
	table: [measured({}, [100, 100, 100]), measured({idle: 50_000}, [150, 150, 150])],
}

describe('the page about the data plane', () => {
	const page = renderDataPlane(REPORT)

	it('has the numbers of the run', () => {
		expect(page).to.contain('| 5,120 | 1 | 1,500 | 109 us (102 to 119) |')
		expect(page).to.contain('| 10 | 40 | 21 | 7 |')
		expect(page).to.contain('make lists of about\n20.')
		expect(page).not.to.match(/NaN|undefined|Infinity/)
	})

	it('says what is a difference, and what is noise', () => {
		expect(page).to.contain('5,120 Services: set-up takes 0.99 times (0.99 to 1.02) as much, which is noise')
		expect(page).to.contain('50,000 idle connections: set-up takes 1.50 times (1.50 to 1.50) as much, throughput')
		expect(page).to.contain('With 10 Services, `run_estimation` 1: the slowest of a round takes 1.11 times')
		expect(page).to.contain('With 10 Services, `conntrack` 1: set-up takes 1.25 times')
	})

	it('compares what differs in one thing alone', () => {
		expect(pairsOf(REPORT.sizes, 'services')).to.deep.equal([REPORT.sizes.slice(0, 2)])
		expect(pairsOf(REPORT.sizes, 'conntrack')).to.deep.equal([[REPORT.sizes[0], REPORT.sizes[2]]])
		expect(pairsOf(REPORT.sizes, 'idle')).to.deep.equal([])
	})
})
