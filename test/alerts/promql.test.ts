import {expect} from 'chai'
import {namesIn} from './promql.ts'

const CASES: readonly {readonly name: string; readonly expression: string; readonly expected: object}[] = [
	{name: 'a bare metric', expression: 'up == 0', expected: {selectors: [{metric: 'up', labels: []}], labels: []}},
	{
		name: 'matchers, whose texts may look like anything',
		expression: 'a_total{code!="}) b_total", kind=~\'x|"y\'} offset 5m',
		expected: {selectors: [{metric: 'a_total', labels: ['code', 'kind']}], labels: []},
	},
	{
		name: 'ranges, subqueries, functions and numbers',
		expression: 'max_over_time(rate(a_total[5m])[1h:1m]) > bool 1e3 - Inf + .5',
		expected: {selectors: [{metric: 'a_total', labels: []}], labels: []},
	},
	{
		name: 'aggregations with their labels before and after',
		expression: 'sum by (le, code) (a_bucket) / count(b) without (instance)',
		expected: {
			selectors: [
				{metric: 'a_bucket', labels: []},
				{metric: 'b', labels: []},
			],
			labels: ['le', 'code', 'instance'],
		},
	},
	{
		name: 'operators between vectors',
		expression: 'a * on (node) group_left (zone) b{c="d"} unless ignoring(e) f or absent(g)',
		expected: {
			selectors: [
				{metric: 'a', labels: []},
				{metric: 'b', labels: ['c']},
				{metric: 'f', labels: []},
				{metric: 'g', labels: []},
			],
			labels: ['node', 'zone', 'e'],
		},
	},
	{
		name: 'comments',
		expression: 'a # not b\n + c',
		expected: {
			selectors: [
				{metric: 'a', labels: []},
				{metric: 'c', labels: []},
			],
			labels: [],
		},
	},
]

describe('names in PromQL', () => {
	for (const {name, expression, expected} of CASES) {
		it(name, () => {
			expect(namesIn(expression)).to.deep.equal(expected)
		})
	}

	it('are not looked for in what is no PromQL', () => {
		expect(() => namesIn('a ? b')).to.throw('no PromQL at 2')
		expect(() => namesIn('a{b="c"')).to.throw('no }')
		expect(() => namesIn('a + {b="c"}')).to.throw('a selector without a metric')
	})
})
