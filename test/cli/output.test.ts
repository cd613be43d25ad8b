import {expect} from 'chai'
import fc from 'fast-check'
import {parse} from 'yaml'
import {endWithReader, printable, render} from '../../src/cli/output.ts'

describe('a line of output', () => {
	const CASES: readonly (readonly [string, string])[] = [
		['Service ns/s: ä 漢 🙂', 'Service ns/s: ä 漢 🙂'],
		['\u001b[2Jcleared', '\\u{1b}[2Jcleared'],
		['a\nb\tc\r', 'a\\u{a}b\\u{9}c\\u{d}'],
		['\u009b31m', '\\u{9b}31m'],
		['left \u202eright', 'left \\u{202e}right'],
		['\ud800', '\\u{d800}'],
	]
	for (const [text, shown] of CASES) {
		it(`shows ${JSON.stringify(text)} as ${shown}`, () => {
			expect(printable(text)).to.equal(shown)
		})
	}
})

describe('the output of a command', () => {
	const VALUE = {service: 'ns/s', weight: 1, text: 'off', none: undefined, list: [{name: '12:30'}]}

	it('is lines', () => {
		expect(render('table', VALUE, () => ['a\u001b', 'b'])).to.equal('a\\u{1b}\nb\n')
	})

	it('is JSON', () => {
		expect(render('json', {list: [1]}, () => [])).to.equal('{\n  "list": [\n    1\n  ]\n}\n')
	})

	it('is YAML that readers of any version read alike', () => {
		const text = render('yaml', VALUE, () => [])
		expect(text).to.equal('service: ns/s\nweight: 1\ntext: "off"\nlist:\n  - name: "12:30"\n')
	})

	const READERS = {json: JSON.parse, yaml: parse}
	for (const [format, read] of Object.entries(READERS) as ['json' | 'yaml', (text: string) => unknown][]) {
		it(`means the same as ${format}, and moves no cursor whatever objects say`, () => {
			const texts = fc.string({unit: 'binary', maxLength: 40}).map(text => text.toWellFormed())
			fc.assert(
				fc.property(fc.array(fc.record({name: texts})), list => {
					const text = render(format, {list}, () => [])
					expect(text.replaceAll('\n', '')).to.not.match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
					expect(read(text)).to.deep.equal({list})
				}),
				{examples: [[[{name: 'a\u202eb\u{e0001}\u001b\n\u2028'}]]]},
			)
		})
	}
})

describe('a command whose reader goes', () => {
	const before = new Map([process.stdout, process.stderr].map(stream => [stream, stream.listeners('error')]))

	afterEach(() => {
		for (const [stream, known] of before) {
			for (const listener of stream.listeners('error').filter(one => !known.includes(one))) {
				stream.off('error', listener as () => void)
			}
		}
	})

	it('goes on to its end, and fails for all else', () => {
		endWithReader()
		for (const stream of [process.stdout, process.stderr]) {
			for (const code of ['EPIPE', 'EIO']) {
				stream.emit('error', Object.assign(new Error(code), {code}))
			}
			expect(() => stream.emit('error', Object.assign(new Error('full'), {code: 'ENOSPC'}))).to.throw('full')
		}
	})
})
