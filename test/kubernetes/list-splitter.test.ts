import {expect} from 'chai'
import fc from 'fast-check'
import {ListSplitter} from '../../src/kubernetes/list-splitter.ts'
import {anyCuts, chop} from './chop.ts'

const split = (text: string, cuts: readonly number[] = []) => {
	const splitter = new ListSplitter(1_000_000)
	const items = chop(Buffer.from(text), cuts).flatMap(chunk => splitter.push(chunk))
	return {items: items.map(item => JSON.parse(item)), envelope: splitter.end()}
}

describe('list splitter', () => {
	const anyObject = fc.dictionary(fc.string(), fc.jsonValue())
	const anyList = fc.record({
		metadata: fc.dictionary(fc.constantFrom('continue', 'items', 'resourceVersion', '"items":['), fc.jsonValue()),
		items: fc.array(anyObject),
		after: fc.jsonValue(),
	})

	it('gives the items one by one and the rest as it is, however the bytes are cut', () => {
		fc.assert(
			fc.property(anyList, anyCuts, fc.constantFrom(undefined, 1, '\t'), (list, cuts, space) => {
				const {items, envelope} = split(JSON.stringify(list, null, space), cuts)
				expect(items).to.deep.equal(JSON.parse(JSON.stringify(list.items)))
				expect(JSON.parse(envelope ?? '')).to.deep.equal(JSON.parse(JSON.stringify({...list, items: []})))
			}),
		)
	})

	it('tells a list that was cut', () => {
		const text = JSON.stringify({metadata: {resourceVersion: '5'}, items: [{a: 1}, {b: '}]'}]})
		for (let length = 0; length < text.length; length++) {
			expect(split(text.slice(0, length)).envelope, text.slice(0, length)).to.equal(undefined)
		}
	})

	it('takes `"items": null` for a list without items', () => {
		expect(split('{"items": null, "metadata": {}}')).to.deep.equal({
			items: [],
			envelope: '{"items": null, "metadata": {}}',
		})
	})

	it('refuses an item that is longer than the limit', () => {
		const splitter = new ListSplitter(50)
		expect(() => splitter.push(Buffer.from(`{"items":[{"a":"${'x'.repeat(60)}"}]}`))).to.throw(RangeError)
	})
})
