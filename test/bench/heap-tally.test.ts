import {expect} from 'chai'
import fc from 'fast-check'
import {HeapTally} from '../../bench/own/heap-tally.ts'

const SNAPSHOT = JSON.stringify({
	snapshot: {
		meta: {
			node_fields: ['type', 'name', 'id', 'self_size', 'edge_count'],
			node_types: [['hidden', 'string', 'object', 'closure'], 'string', 'number', 'number', 'number'],
			edge_fields: ['type'],
		},
		node_count: 5,
	},
	nodes: [
		2, 0, 1, 3_000_000, 0, 2, 0, 3, 1_000_000, 0, 1, 1, 5, 2_000_000, 0, 1, 2, 7, 500_000, 0, 3, 3, 9, 100_000, 0,
	],
	edges: [1, 2, 3],
	strings: ['Server', 'text, with "nodes":[ and ]', 'other', 'run'],
})

const EXPECTED = [
	{kind: 'Server', count: 2, megabytes: 4},
	{kind: '(string)', count: 2, megabytes: 2.5},
	{kind: 'run (closure)', count: 1, megabytes: 0.1},
]

describe('the tally of a heap snapshot', () => {
	it('is the same however the text is cut', () => {
		const cuts = fc.array(fc.integer({min: 0, max: SNAPSHOT.length}), {maxLength: 12})
		fc.assert(
			fc.property(cuts, places => {
				const tally = new HeapTally()
				const ends = [...places.toSorted((a, b) => a - b), SNAPSHOT.length]
				for (const [at, end] of ends.entries()) {
					tally.add(SNAPSHOT.slice(ends[at - 1] ?? 0, end))
				}
				expect(tally.end()).to.deep.equal(EXPECTED)
			}),
		)
	})
})
