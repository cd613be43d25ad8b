import {expect} from 'chai'
import {renderPage} from '../../bench/report/page.ts'
import {formatSeconds, renderPlots, spread} from '../../bench/report/plot.ts'
import {plotsOf} from '../../bench/report/plots.ts'
import {type Report, resultsOf} from '../../bench/result.ts'
import {sampleRun} from './sample-run.ts'

const machine = {cpu: 'UML', cores: 1, memoryGb: 3, kernel: '6.1', kernelKind: 'uml', node: 'v24.1.0'}
const report = (...services: number[]): Report => ({
	machine: {...machine, hostCpu: 'A CPU', hostCores: 2},
	date: '2026-01-01',
	arguments: ['--services', services.join(','), '--json', '/somewhere/file.json'],
	runs: resultsOf({machine, runs: services.map(sampleRun)}),
})

describe('the plot', () => {
	const svg = renderPlots(plotsOf(report(100, 1000, 10_000).runs))

	it('has a line with a point for each size, and a name for each line', () => {
		const lines = [...svg.matchAll(/<polyline [^>]*points="([^"]+)"/g)].map(match => match[1]?.split(' ').length)
		expect(lines).to.deep.equal([3, 3, 3, 3, 3, 3, 3])
		for (const name of ['kube-lvs', 'floor', 'keepalived', 'ipvsadm and ip']) {
			expect(svg).to.include(`>${name}</text>`)
		}
	})

	it('stays within its frame, has no number that is none, and every tag is closed', () => {
		expect(svg).not.to.match(/NaN|Infinity|undefined/)
		const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number)
		const circles = [...svg.matchAll(/<circle [^>]*cx="([^"]+)" cy="([^"]+)"/g)]
		expect(circles).to.not.have.length(0)
		for (const [, x, y] of circles) {
			expect(Number(x)).to.be.within(0, width)
			expect(Number(y)).to.be.within(0, height)
		}
		expect(svg.match(/<g[ >]/g)?.length).to.equal(svg.match(/<\/g>/g)?.length)
	})

	it('is logarithmic: ten times as many Services are as far apart each time', () => {
		const points =
			/points="([^"]+)"/
				.exec(svg)?.[1]
				?.split(' ')
				.map(point => Number(point.split(',')[0])) ?? []
		const [a = 0, b = 0, c = 0] = points
		expect(b - a).to.be.above(10)
		expect(c - b).to.be.closeTo(b - a, 0.2)
	})

	it('shows one size, and what only some have', () => {
		expect(renderPlots(plotsOf(report(1000).runs))).not.to.match(/NaN|Infinity/)
		const {keepalived: _, ...rest} = sampleRun(1000).results
		const runs = resultsOf({machine, runs: [sampleRun(100), {...sampleRun(1000), results: rest}]})
		expect(renderPlots(plotsOf(runs))).not.to.match(/NaN|Infinity/)
	})

	it('keeps names apart', () => {
		expect(spread([100, 10, 12, 11])).to.deep.equal([100, 10, 38, 24])
	})

	it('says times as people do', () => {
		expect([0.00001, 0.001, 0.1, 1, 1000].map(formatSeconds)).to.deep.equal([
			'10 us',
			'1 ms',
			'100 ms',
			'1 s',
			'1,000 s',
		])
	})
})

describe('the page', () => {
	it('describes the machine and the call, with no path of that machine', () => {
		const page = renderPage(report(100, 1000))
		expect(page).to.include('Machine: A CPU, 2 CPUs.')
		expect(page).to.include('`npm run bench -- --services 100,1000`')
		expect(page).not.to.include('/somewhere')
	})

	it('has the ratios first, and the sizes in their order', () => {
		const page = renderPage(report(10_000, 100))
		expect(page.indexOf('cold sync / floor')).to.be.below(page.indexOf('| cold sync |'))
		expect(page).to.include('| 100 x 5 | 10,000 x 5 |')
	})

	it('tells how time grows', () => {
		const page = renderPage(report(100, 1000, 50_000))
		expect(page).to.include('takes 1.00 times as long with 50,000 Services as with 100')
		expect(page).to.include('a cold sync takes 1.00 times as long with 50,000 Services as with 1,000')
		expect(renderPage(report(1000))).not.to.include('Services as with')
	})

	it('has no number that is none', () => {
		expect(renderPage(report(100, 1000))).not.to.match(/NaN|Infinity|undefined/)
	})
})
