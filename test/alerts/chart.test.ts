import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {CHART, renderChart} from '../../charts/render.ts'
import {API_SERVERS, EVERYTHING, MONITORED, parseObjects} from '../charts/parse.ts'
import type {KubernetesObject} from '../charts/schemas.ts'
import {checkRules} from './promtool.ts'
import {RULES, type RuleFile} from './rules.ts'

interface PrometheusRule extends KubernetesObject {
	readonly spec: RuleFile
}

interface ConfigMap extends KubernetesObject {
	readonly data: Readonly<Record<string, string>>
}

const renderObject = async (kind: string, values: object): Promise<unknown> => {
	const all = await renderChart({values: {...API_SERVERS, ...values}, apiVersions: MONITORED})
	const isMeant = ({kind: found, metadata: {name}}: KubernetesObject) =>
		found === kind && (kind !== 'ConfigMap' || name.endsWith('-dashboard'))
	return parseObjects(all).find(isMeant)
}

describe("the chart's alerts and dashboard", () => {
	const enabled = {prometheusRule: {enabled: true}, grafanaDashboard: {enabled: true}}

	it('are the rules of alerts.yaml, as they stand there', async () => {
		const {spec} = (await renderObject('PrometheusRule', enabled)) as PrometheusRule
		expect(spec.groups.flatMap(({rules}) => rules)).to.deep.equal(RULES)
	})

	it('lead to where the values say, and have more rules', async () => {
		const {spec} = (await renderObject('PrometheusRule', EVERYTHING)) as PrometheusRule
		expect(await checkRules(spec)).to.equal('')
		const rules = spec.groups.flatMap(({rules}) => rules)
		expect(rules.map(({alert}) => alert)).to.deep.equal([...RULES.map(({alert}) => alert), 'Always'])
		for (const {alert, annotations} of rules.slice(0, -1)) {
			expect(annotations.runbook_url).to.equal(`https://example.com/runbooks#${alert.toLowerCase()}`)
		}
	})

	it('know the scrapes of the chart by their job, whatever the release is called', async () => {
		const {spec} = (await renderObject('PrometheusRule', EVERYTHING)) as PrometheusRule
		const [, job = ''] = /job=~"([^"]+)"/.exec(JSON.stringify(spec.groups).replaceAll('\\"', '"')) ?? []
		for (const kind of ['PodMonitor', 'ServiceMonitor']) {
			const monitor = JSON.stringify(await renderObject(kind, EVERYTHING))
			const [, set = ''] = /\{"targetLabel":"job","replacement":"([^"]+)"\}/.exec(monitor) ?? []
			expect(set).to.match(new RegExp(`^(?:${job})$`))
		}
	})

	it('are a dashboard as it stands in its file', async () => {
		const {data} = (await renderObject('ConfigMap', enabled)) as ConfigMap
		const file = readFileSync(`${CHART}/dashboards/kube-lvs.json`, 'utf8')
		expect(`${data['kube-lvs.json']}\n`).to.equal(file)
	})
})
