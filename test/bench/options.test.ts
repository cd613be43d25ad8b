import {expect} from 'chai'
import {MEASUREMENT_NAMES} from '../../bench/measurement-names.ts'
import {parseOptions} from '../../bench/options.ts'

describe('options of the benchmark', () => {
	it('have the sizes of the issue by default, and churn only when it is asked for', () => {
		const {sizes, changes, measurements} = parseOptions([])
		expect(sizes.map(({services, endpoints}) => `${services} x ${endpoints}`)).to.deep.equal([
			'100 x 5',
			'1000 x 5',
			'1000 x 250',
			'10000 x 5',
			'50000 x 5',
		])
		expect(changes).to.equal(200)
		expect(measurements).to.deep.equal(MEASUREMENT_NAMES.filter(name => name !== 'churn'))
		expect(parseOptions(['--churn', '60']).measurements).to.deep.equal(MEASUREMENT_NAMES)
	})

	it('say how many endpoints a Service has', () => {
		expect(parseOptions(['--services', '7,8x9', '--endpoints', '3']).sizes).to.deep.equal([
			{services: 7, endpoints: 3},
			{services: 8, endpoints: 9},
		])
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
		['--services', '1x'],
		['--services', '1x2x3'],
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
