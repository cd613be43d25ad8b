import {readFileSync} from 'node:fs'
import {documentedMetrics} from './documented-metrics.ts'
import {namesIn} from './promql.ts'

/** What Prometheus itself makes of each target. */
const OWN_OF_PROMETHEUS = new Map([['up', new Set<string>()]])

/** Labels that the scrape gives to each series; which of them is up to its configuration. */
const OF_TARGETS = ['job', 'instance', 'namespace', 'pod', 'node', 'container', 'endpoint']

const KNOWN = new Map([...documentedMetrics(), ...OWN_OF_PROMETHEUS])

/** Metrics and labels in an expression that kube-lvs does not have. */
export const unknownNames = (expression: string): readonly string[] => {
	const {selectors, labels} = namesIn(expression)
	const unknown = selectors.flatMap(({metric, labels}) => {
		const known = KNOWN.get(metric)
		return known ? labels.filter(label => !known.has(label) && !OF_TARGETS.includes(label)) : [metric]
	})
	const ofAny = new Set([...OF_TARGETS, ...selectors.flatMap(({metric}) => [...(KNOWN.get(metric) ?? [])])])
	return [...unknown, ...labels.filter(label => !ofAny.has(label))]
}

const PAGES = ['metrics.md', 'health.md'].map(page =>
	readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8'),
)
const WORDS = new Set(PAGES.join().match(/[\w/]+/g))

/** Values that an expression chooses by, and that neither docs/metrics.md nor docs/health.md knows. */
export const unknownValues = (expression: string): readonly string[] =>
	[...expression.matchAll(/(\w+) *(?:=~|!~|!=|=) *"([^"]*)"/g)]
		.filter(([, label = '']) => !OF_TARGETS.includes(label))
		.flatMap(([, , values = '']) => values.split(/[|() .*]+/))
		.filter(value => value !== '' && !WORDS.has(value))
