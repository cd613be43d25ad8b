import {expect} from 'chai'
import fc from 'fast-check'
import {createLineSplitter} from '../../src/kubernetes/line-splitter.ts'
import {anyCuts, chop} from './chop.ts'

describe('line splitter', () => {
	const anyLine = fc.string({unit: 'grapheme'}).map(text => text.replaceAll('\n', ''))

	it('gives the same lines however the bytes are cut', () => {
		fc.assert(
			fc.property(fc.array(anyLine), anyLine, anyCuts, (lines, rest, cuts) => {
				const splitter = createLineSplitter(1_000_000)
				const bytes = Buffer.from(lines.map(line => `${line}\n`).join('') + rest)
				const result = chop(bytes, cuts).flatMap(splitter.push)
				expect(result).to.deep.equal(lines.map(line => line.toWellFormed()))
				expect(splitter.pending()).to.equal(Buffer.byteLength(rest))
			}),
		)
	})

	it('refuses a line that is longer than the limit, however it arrives', () => {
		const splitter = createLineSplitter(8)
		expect(splitter.push(Buffer.from('12345678\n1234'))).to.deep.equal(['12345678'])
		expect(() => splitter.push(Buffer.from('56789'))).to.throw(RangeError)
	})
})
