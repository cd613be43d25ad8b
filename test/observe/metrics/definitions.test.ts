import {expect} from 'chai'
import type {MetricDefinition} from '../../../src/observe/metrics/definition.ts'
import {KUBE_PROXY_METRICS} from '../../../src/observe/metrics/definitions/kube-proxy.ts'
import {ENDPOINT_TRAFFIC, NODE_TRAFFIC, SERVICE_TRAFFIC} from '../../../src/observe/metrics/definitions/traffic.ts'
import {METRICS} from '../../../src/observe/metrics/definitions.ts'

/** Units that a name ends with, before `_total`. */
const IN_NAMES = ['seconds', 'bytes', 'ratio']

const namesOf = (definitions: readonly MetricDefinition[]): readonly string[] => definitions.map(({name}) => name)

describe('the table of metrics', () => {
	const traffic = [...NODE_TRAFFIC, ...SERVICE_TRAFFIC, ...ENDPOINT_TRAFFIC]
	const own: readonly MetricDefinition[] = [...Object.values(METRICS), ...traffic]
	const all: readonly MetricDefinition[] = [...own, ...Object.values(KUBE_PROXY_METRICS)]

	it('has each name once, ours with our prefix', () => {
		expect(new Set(namesOf(all)).size).to.equal(all.length)
		expect(namesOf(own.filter(({name}) => !/^kube_lvs_[a-z_]+$/.test(name)))).to.deep.equal([])
	})

	it('gives our counters, and nothing else, the suffix that tells a counter', () => {
		const isCounter = own.filter(({type}) => type === 'counter')
		expect(namesOf(isCounter)).to.deep.equal(namesOf(own.filter(({name}) => name.endsWith('_total'))))
	})

	it('has the unit in the name where it is one that Prometheus knows', () => {
		const unitOf = ({name}: MetricDefinition) => IN_NAMES.find(unit => name.replace(/_total$/, '').endsWith(unit))
		const wrong = own.filter(metric => unitOf(metric) !== IN_NAMES.find(unit => unit === metric.unit))
		expect(namesOf(wrong)).to.deep.equal([])
	})

	it('says of each what it is, in one sentence without a full stop', () => {
		expect(namesOf(all.filter(({help}) => !/^[A-Z].*[^.]$/.test(help)))).to.deep.equal([])
	})

	it('has buckets for histograms alone, in ascending order', () => {
		for (const {name, type, buckets} of all) {
			expect(buckets !== undefined, name).to.equal(type === 'histogram')
			expect(buckets ?? [], name).to.deep.equal([...(buckets ?? [])].sort((a, b) => a - b))
		}
	})
})
