import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {Registry} from 'prom-client'
import {createMetrics} from '../../src/observe/metrics/metrics.ts'

describe('docs/health.md', () => {
	it('has every metric with its labels, and no other', () => {
		const text = readFileSync(new URL('../../docs/health.md', import.meta.url), 'utf8')
		const documented = [...text.matchAll(/`((?:kubeproxy|kube_lvs)_\w+)(?:\{([\w,]+)\})?`/g)]
			.map(([, name, labels]) => `${name} ${labels ?? ''}`)
			.filter(line => !line.startsWith('kube_lvs_ ') && line !== 'kube_lvs_failures_total ')
		const registry = new Registry()
		const metrics = createMetrics(registry, () => ({services: 0, endpointSlices: 0})) as unknown as Record<
			string,
			{name: string; labelNames: readonly string[]}
		>
		const real = Object.values(metrics).map(({name, labelNames}) => `${name} ${labelNames.join()}`)
		expect(new Set(documented)).to.deep.equal(new Set(real))
	})

	it('has every reason of a problem, and no other', () => {
		const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
		const [union = ''] = /export type ProblemReason =[^;]*?\n\n/.exec(read('src/model/problem.ts')) ?? []
		const reasons = [...union.matchAll(/'(\w+)'/g)].map(match => match[1])
		const documented = [...read('docs/health.md').matchAll(/^\| `([A-Z]\w+)` +\|/gm)].map(match => match[1])
		expect(documented).to.have.members(reasons)
	})
})
