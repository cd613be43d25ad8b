import {expect} from 'chai'
import {printable} from '../../src/cli/output.ts'

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
