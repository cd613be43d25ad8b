import {expect} from 'chai'
import {formatTable} from '../../src/explain/table.ts'

describe('a table', () => {
	it('has columns as wide as their widest cell and no trailing blanks', () => {
		expect(
			formatTable(
				['A', 'LONG', 'C'],
				[
					['wide cell', 'x'],
					['', 'y', 'z'],
				],
			),
		).to.deep.equal(['A          LONG  C', 'wide cell  x', '           y     z'])
	})
})
