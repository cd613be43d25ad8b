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
})
