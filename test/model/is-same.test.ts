import {expect} from 'chai'
import fc from 'fast-check'
import {isSame} from '../../src/model/is-same.ts'

describe('equality of plain data', () => {
	const differing: readonly (readonly [unknown, unknown])[] = [
		[1, 2],
		[undefined, null],
		[undefined, {}],
		[[], {}],
		[[1], [1, 2]],
		[
			[1, 2],
			[2, 1],
		],
		[{a: 1}, {a: 1, b: undefined}],
		[{a: undefined}, {b: undefined}],
		[{a: {b: [1]}}, {a: {b: [2]}}],
		[new Map([['a', 1]]), new Map([['a', 2]])],
		[new Map(), {}],
	]
	for (const [a, b] of differing) {
		it(`tells ${JSON.stringify(a)} from ${JSON.stringify(b)}`, () => {
			expect([isSame(a, b), isSame(b, a)]).to.deep.equal([false, false])
		})
	}

	it('finds copies equal', () => {
		fc.assert(fc.property(fc.jsonValue(), value => isSame(value, structuredClone(value))))
		expect(isSame({a: new Map([['k', [1]]])}, {a: new Map([['k', [1]]])})).to.equal(true)
	})
})
