import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {renderMetrics} from '../../docs/generate-metrics.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

describe('docs/metrics.md', () => {
	it('is up to date; otherwise run node docs/generate-metrics.ts', () => {
		expect(read('docs/metrics.md')).to.equal(renderMetrics())
	})
})

describe('docs/health.md', () => {
	it('has every reason of a problem, and no other', () => {
		const [union = ''] = /export type ProblemReason =[^;]*?\n\n/.exec(read('src/model/problem.ts')) ?? []
		const reasons = [...union.matchAll(/'(\w+)'/g)].map(match => match[1])
		const documented = [...read('docs/health.md').matchAll(/^\| `([A-Z]\w+)` +\|/gm)].map(match => match[1])
		expect(documented).to.have.members(reasons)
	})
})
