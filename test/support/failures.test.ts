import {expect} from 'chai'
import {failuresIn} from './failures.ts'

const lines = (count: number, word: string) => Array.from({length: count}, (_, index) => `      ${word} ${index}`)

const mochaOutput = (...failures: readonly string[]) =>
	[
		'  a suite',
		'    ✔ works',
		'    1) fails',
		'',
		'  7 passing (2s)',
		`  ${failures.length} failing`,
		'',
		...failures,
	].join('\n')

describe('the failures of a step', () => {
	it('are what mocha prints below their number', () => {
		const first = '  1) a suite\n       fails:\n\n      AssertionError: no\n      at test.ts:1:2\n'
		const second = '  2) a suite\n       fails, too:\n     Error: never\n\n\n\n'
		expect(failuresIn(mochaOutput(first, second))).to.equal(`${first.trimEnd()}\n${second.trimEnd()}`)
	})

	it('keep the beginning and the end of one with a long difference', () => {
		const failure = ['  1) a suite', '       fails:', ...lines(500, 'difference'), '      at test.ts:1:2']
		const said = failuresIn(mochaOutput(failure.join('\n'))).split('\n')
		expect(said.slice(0, 3)).to.deep.equal(['  1) a suite', '       fails:', '      difference 0'])
		expect(said.at(-1)).to.equal('      at test.ts:1:2')
		expect(said).to.include('     ... 471 more lines ...')
		expect(said).to.have.length(33)
	})

	it('are not more than a screen for a step in which everything fails', () => {
		const failures = Array.from({length: 40}, (_, index) => `  ${index + 1}) a suite\n       fails:\n     Error: no\n`)
		const said = failuresIn(mochaOutput(...failures)).split('\n')
		expect(said).to.have.length(61)
		expect(said.at(-1)).to.equal('     ... 60 more lines ...')
	})

	it('are the last words of a step that ended without a count', () => {
		const output = [...lines(100, 'says'), 'User-mode Linux ended without the status', ''].join('\n')
		const said = failuresIn(output).split('\n')
		expect(said).to.have.length(60)
		expect(said.at(-1)).to.equal('User-mode Linux ended without the status')
	})
})
