import {expect} from 'chai'
import fc from 'fast-check'
import {parse} from 'yaml'
import type {OutputFormat} from '../../src/cli/output.ts'
import {renderStream} from '../../src/cli/print-stream.ts'

interface Item {
	readonly name: string
	readonly size: number
}

const COLUMNS = {header: ['NAME', 'SIZE'], rowOf: ({name, size}: Item) => [name, String(size)]}

async function* streamOf(lists: readonly (readonly Item[])[]) {
	yield* lists
}

const render = async (format: OutputFormat, lists: readonly (readonly Item[])[]) =>
	(await Array.fromAsync(renderStream(format, 'items', streamOf(lists), COLUMNS))).join('')

const anyLists = fc.array(fc.array(fc.record({name: fc.string(), size: fc.nat()}), {maxLength: 5}))

describe('a stream of items', () => {
	const READERS: readonly (readonly ['json' | 'yaml', (text: string) => unknown])[] = [
		['json', JSON.parse],
		['yaml', parse],
	]
	for (const [format, read] of READERS) {
		it(`is one value as ${format}, however it came`, async () => {
			await fc.assert(
				fc.asyncProperty(anyLists, async lists => {
					expect(read(await render(format, lists))).to.deep.equal({items: lists.flat()})
				}),
			)
		})
	}

	it('has an item on each line of JSON', async () => {
		const text = await render('json', [[{name: 'a', size: 1}], [], [{name: 'b', size: 2}]])
		expect(text).to.equal('{\n  "items": [\n    {"name":"a","size":1},\n    {"name":"b","size":2}\n  ]\n}\n')
	})

	it('is a table whose columns are as wide as what came first', async () => {
		const many = Array.from({length: 1000}, (_, size) => ({name: size === 999 ? 'longer' : 'a', size}))
		const text = await render('table', [
			many,
			[
				{name: 'longer than all', size: 1},
				{name: 'b', size: 2},
			],
		])
		const lines = text.split('\n')
		expect(lines.slice(0, 2)).to.deep.equal(['NAME    SIZE', 'a       0'])
		expect(lines.slice(1000)).to.deep.equal(['longer  999', 'longer than all  1', 'b       2', ''])
	})

	it('is a header where there is none', async () => {
		expect(await render('table', [[], []])).to.equal('NAME  SIZE\n')
	})

	it('comes before the source ends', async () => {
		let given = 0
		async function* endless() {
			for (; ; given += 100) {
				yield Array.from({length: 100}, (_, size) => ({name: 'a', size}))
			}
		}
		for (const format of ['json', 'yaml', 'table'] as const) {
			given = 0
			for await (const piece of renderStream(format, 'items', endless(), COLUMNS)) {
				if (piece.includes('99')) {
					break
				}
			}
			expect(given, format).to.be.below(2000)
		}
	})
})
