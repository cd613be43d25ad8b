import {expect} from 'chai'
import {countVisits} from './steps/count-visits.ts'

const SIZE = 1000
const array = Array.from({length: SIZE}, (_, at) => at)
const set = new Set(array)
const map = new Map(array.map(item => [item, item]))

/** Each looks at every element, some by a short cut of V8. */
const WAYS: Readonly<Record<string, () => unknown>> = {
	'a copy of a Map': () => new Map(map),
	'a copy of a Set': () => new Set(set),
	'a Set of the keys of a Map': () => new Set(map.keys()),
	'a list of a Set': () => [...set],
	'a list of values': () => Array.from(map.values()),
	'values that are converted one by one': () => map.values().map(String).toArray(),
	'a loop over a Map': () => {
		for (const _ of map) {
			// Nothing to do.
		}
	},
	'a union with something small': () => set.union(new Set([1])),
	'a union with something large': () => new Set([1]).union(set),
	'a difference': () => set.symmetricDifference(set),
	'a filter': () => array.filter(Boolean),
	'a search in vain': () => array.includes(-1),
	'a sorted list': () => array.toSorted(),
	'a list as arguments': () => Math.max(...array),
	'an object of many': () => Object.keys(Object.fromEntries(map)),
	'a long text': () => JSON.stringify(array),
}

describe('the counter of visited elements', () => {
	for (const [name, way] of Object.entries(WAYS)) {
		it(`sees ${name}`, async () => {
			const visits = await countVisits(async () => void way(), '/test/')
			expect(visits.values().reduce((sum, count) => sum + count, 0)).to.be.at.least(SIZE)
			expect(visits.keys().every(place => place.startsWith('test/support/count-steps.test.ts:'))).to.equal(true)
		})
	}

	it('sees no more than is visited, and nothing when it is over', async () => {
		const visits = await countVisits(async () => {
			set.has(1)
			array.find(item => item === 2)
			for (const _ of map) {
				break
			}
		}, '/test/')
		expect([...visits.values()]).to.deep.equal([3, 1])
		const copy = new Map(visits)
		expect([...set].length).to.equal(SIZE)
		expect(visits).to.deep.equal(copy)
	})
})
