import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {renderDashboard} from '../../charts/generate-dashboard.ts'
import {documentedMetrics} from './documented-metrics.ts'
import {checkRules, testRules} from './promtool.ts'
import {unknownNames, unknownValues} from './unknown-names.ts'

interface Box {
	readonly x: number
	readonly y: number
	readonly w: number
	readonly h: number
}

interface Panel {
	readonly id: number
	readonly type: string
	readonly title: string
	readonly description?: string
	readonly gridPos: Box
	readonly targets?: readonly {readonly expr: string; readonly legendFormat: string}[]
}

const FILE = fileURLToPath(new URL('../../charts/kube-lvs/dashboards/kube-lvs.json', import.meta.url))
const TEXT = readFileSync(FILE, 'utf8')
const {panels} = JSON.parse(TEXT) as {readonly panels: readonly Panel[]}
const TARGETS = panels.flatMap(({title, targets = []}) => targets.map(target => ({title, ...target})))

/** What Grafana puts in the place of its variables. */
const filledIn = (expr: string): string =>
	expr
		.replaceAll('$__rate_interval', '5m')
		.replaceAll('$__range', '1h')
		.replaceAll(/"\$\w+"/g, '".*"')

/** Of labels that panels choose by; any other has some value. */
const LABEL_VALUES: Readonly<Record<string, string>> = {code: '503', result: 'done', le: '+Inf'}

/** All that docs/metrics.md has, of one node, growing from 0; features are lacking. */
const SERIES = [...documentedMetrics()].map(([metric, labels]) => ({
	series: `${metric}{job="j",instance="i",node="n",${[...labels].map(label => `${label}="${LABEL_VALUES[label] ?? 'x'}"`).join()}}`,
	values: metric === 'kube_lvs_kernel_feature' ? '0x30' : '0+1x30',
}))

const overlaps = (one: Box, other: Box): boolean =>
	one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h

describe('the dashboard', () => {
	it('is what charts/generate-dashboard.ts makes', () => {
		expect(TEXT).to.equal(renderDashboard())
	})

	it('uses only metrics and labels that docs/metrics.md has', () => {
		const unknown = TARGETS.flatMap(({title, expr, legendFormat}) => {
			const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1])
			return unknownNames(`sum by (${labels.join()}) (${filledIn(expr)})`).map(name => `${title}: ${name}`)
		})
		expect(unknown).to.deep.equal([])
		expect(TARGETS.flatMap(({expr}) => unknownValues(filledIn(expr)))).to.deep.equal([])
	})

	it('has expressions that Prometheus takes', async () => {
		const rules = TARGETS.map(({expr}, at) => ({record: `panel:${at}`, expr: filledIn(expr)}))
		expect(rules.filter(({expr}) => expr.includes('$'))).to.deep.equal([])
		expect(await checkRules({groups: [{name: 'panels', rules}]})).to.equal('')
	})

	it('shows something in each panel', async () => {
		const promql_expr_test = TARGETS.map(({expr}) => ({
			expr: `clamp_max(count(${filledIn(expr)}), 1)`,
			eval_time: '20m',
			exp_samples: [{labels: '{}', value: 1}],
		}))
		const tests = [{interval: '1m', input_series: SERIES, promql_expr_test}]
		expect(await testRules({rule_files: [], evaluation_interval: '1m', tests})).to.equal('')
	})

	it('shows each panel once, under a title, with a text, in a place of its own', () => {
		expect(new Set(panels.map(({id}) => id)).size).to.equal(panels.length)
		for (const {type, title, description, targets} of panels.filter(({type}) => type !== 'row')) {
			expect(
				[title, description ?? ''].map(text => text.length > 0),
				title,
			).to.deep.equal([true, true])
			expect(type === 'text' || (targets ?? []).length > 0, title).to.equal(true)
		}
		const collisions = panels.flatMap((one, at) =>
			panels
				.slice(at + 1)
				.flatMap(other => (overlaps(one.gridPos, other.gridPos) ? [`${one.title}, ${other.title}`] : [])),
		)
		expect(collisions).to.deep.equal([])
		expect(panels.filter(({gridPos: {x, w}}) => x + w > 24)).to.deep.equal([])
	})
})
