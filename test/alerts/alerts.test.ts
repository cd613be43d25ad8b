import {expect} from 'chai'
import {CASES, type Case, TARGET} from './cases.ts'
import {checkRules, testRules} from './promtool.ts'
import {RULE_FILE, RULE_GROUPS, RULES} from './rules.ts'
import {unknownNames, unknownValues} from './unknown-names.ts'

const ruleOf = (alert: string) => {
	const rule = RULES.find(rule => rule.alert === alert)
	if (!rule) {
		throw new Error(`no alert ${alert}`)
	}
	return rule
}

/** As promtool reads it. */
const renderTest = ({alert, name, series, at, fires}: Case) => {
	const {labels, annotations} = ruleOf(alert)
	const expected = fires && {
		exp_labels: Object.fromEntries(
			Object.entries({...labels, ...TARGET, ...fires.labels}).filter(([, value]) => value !== ''),
		),
		exp_annotations: {...annotations, description: fires.description},
	}
	return {
		name: `${alert} ${name}`,
		interval: '1m',
		input_series: Object.entries(series).map(([series, values]) => ({series, values})),
		alert_rule_test: [{eval_time: at, alertname: alert, exp_alerts: expected ? [expected] : []}],
	}
}

describe('the alerts', () => {
	const runTests = (tests: readonly object[]): Promise<string> =>
		testRules({rule_files: [RULE_FILE], evaluation_interval: '1m', tests})

	it('are rules that Prometheus takes', async () => {
		expect(await checkRules(RULE_GROUPS)).to.equal('')
	})

	it('each have a name of their own, a severity, and something to say', () => {
		expect(new Set(RULES.map(({alert}) => alert)).size).to.equal(RULES.length)
		for (const {alert, labels, annotations} of RULES) {
			expect(alert).to.match(/^KubeLvs[A-Z]/)
			expect(labels.severity, alert).to.be.oneOf(['critical', 'warning', 'info'])
			expect(Object.keys(annotations), alert).to.have.members(['summary', 'description', 'runbook_url'])
			expect(annotations.summary, 'one text for all nodes').not.to.include('{{')
		}
	})

	it('use only metrics and labels that docs/metrics.md has', () => {
		const unknown = RULES.flatMap(({alert, expr, annotations}) => {
			const labels = [
				...Object.values(annotations)
					.join()
					.matchAll(/\$labels\.(\w+)/g),
			].map(match => match[1])
			return unknownNames(`sum by (${labels.join()}) (${expr})`).map(name => `${alert}: ${name}`)
		})
		expect(unknown).to.deep.equal([])
	})

	it('choose by values that the documentation has', () => {
		expect(RULES.flatMap(({expr}) => unknownValues(expr))).to.deep.equal([])
		expect(unknownValues('a{reason=~"AddressInUse|AddresInUse",path="/live"}')).to.deep.equal(['AddresInUse', '/live'])
	})

	it('would be found to use others', () => {
		expect(unknownNames('rate(kube_lvs_failures_total{kode="1"}[5m])')).to.deep.equal(['kode'])
		expect(unknownNames('sum by (knd) (kube_lvs_contestd)')).to.deep.equal(['kube_lvs_contestd', 'knd'])
		expect(unknownNames('kube_lvs_sync_duration_seconds')).to.deep.equal(['kube_lvs_sync_duration_seconds'])
	})

	it('each have a case in which they fire and one in which they do not', () => {
		const names = (isFiring: boolean) =>
			new Set(CASES.filter(({fires}) => (fires !== undefined) === isFiring).map(({alert}) => alert))
		const all = new Set(RULES.map(({alert}) => alert))
		expect({firing: names(true), silent: names(false)}).to.deep.equal({firing: all, silent: all})
	})

	for (const {alert} of RULES) {
		const cases = CASES.filter(row => row.alert === alert)
		it(`${alert} ${cases.map(({name}) => name).join('; ')}`, async () => {
			expect(await runTests(cases.map(renderTest))).to.equal('')
		})
	}

	it('would fail where they fire and should not, and the other way round', async () => {
		const contested = CASES.filter(({alert}) => alert === 'KubeLvsContested')
		const [firing, silent] = contested.map(renderTest)
		const [expected] = firing?.alert_rule_test ?? []
		const [unexpected] = silent?.alert_rule_test ?? []
		expect(await runTests([{...firing, alert_rule_test: [unexpected]}])).to.include('FAILED')
		expect(await runTests([{...silent, alert_rule_test: [expected]}])).to.include('FAILED')
	})
})
