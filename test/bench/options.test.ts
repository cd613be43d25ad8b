import {expect} from 'chai'
import {MEASUREMENT_NAMES} from '../../bench/measurement-names.ts'
import {parseOptions} from '../../bench/options.ts'

describe('options of the benchmark', () => {
	it('have the sizes of the issue by default, and churn only when it is asked for', () => {
		const {services, endpoints, changes, measurements} = parseOptions([])
		expect({services, endpoints, changes}).to.deep.equal({
			services: [100, 1000, 10_000, 50_000],
			endpoints: 5,
			changes: 200,
		})
		expect(measurements).to.deep.equal(MEASUREMENT_NAMES.filter(name => name !== 'churn'))
		expect(parseOptions(['--churn', '60']).measurements).to.deep.equal(MEASUREMENT_NAMES)
	})

	it('choose measurements', () => {
		const measurements = (...args: string[]) => parseOptions(args).measurements
		expect(measurements('--only', 'audit,floor')).to.deep.equal(['audit', 'floor'])
		expect(measurements('--only', 'audit,floor', '--skip', 'floor')).to.deep.equal(['audit'])
		expect(measurements('--skip', 'keepalived')).not.to.include('keepalived')
	})

	for (const args of [
		['--services', '10,x'],
		['--services', '0'],
		['--endpoints', '-1'],
		['--churn', '1e3'],
		['--only', 'cold'],
		['--skip', 'all'],
		['--unknown'],
		['1000'],
	]) {
		it(`refuse ${args.join(' ')}`, () => {
			expect(() => parseOptions(args)).to.throw()
		})
	}
})
