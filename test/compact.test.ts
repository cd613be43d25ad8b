import {expect} from 'chai'
import fc from 'fast-check'
import {compact, joined, listOf, NONE, type OneOrMore, setList} from '../src/compact.ts'

describe('what takes no more memory than it needs', () => {
	it('is the same list', () => {
		fc.assert(fc.property(fc.array(fc.integer()), items => void expect(compact(items)).to.deep.equal(items)))
	})

	it('is one and the same list where there is nothing', () => {
		expect(compact([])).to.equal(NONE)
		expect(listOf(undefined)).to.equal(NONE)
		expect(Object.isFrozen(NONE)).to.equal(true)
	})

	it('is the same text', () => {
		expect(joined('[', 'fd00::a', ']:', 80)).to.equal('[fd00::a]:80')
		expect(joined()).to.equal('')
	})

	it('is no list for a single item, and no key for none', () => {
		const [a, b] = [{name: 'a'}, {name: 'b'}]
		const map = new Map<string, OneOrMore<{readonly name: string}>>()
		setList(map, 'key', [a])
		expect(map.get('key')).to.equal(a)
		expect(listOf(map.get('key'))).to.deep.equal([a])
		setList(map, 'key', [a, b])
		expect(listOf(map.get('key'))).to.deep.equal([a, b])
		setList(map, 'key', [])
		expect(map.has('key')).to.equal(false)
	})
})
