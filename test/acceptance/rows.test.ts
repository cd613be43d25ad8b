import {readdirSync, readFileSync} from 'node:fs'
import {expect} from 'chai'
import {ROW_NUMBERS} from './numbers.ts'
import {ROWS_TO_COME} from './rows-to-come.ts'

const FOLDER = new URL('rows/', import.meta.url)
const FILES = readdirSync(FOLDER)

describe('the acceptance rows', () => {
	it('are 151', () => {
		expect(ROW_NUMBERS).to.have.length(151)
		expect(new Set(ROW_NUMBERS).size).to.equal(151)
	})

	it('have a file each, but for those to come', () => {
		const missing = ROW_NUMBERS.filter(number => !FILES.includes(`${number}.test.ts`))
		expect(missing.toSorted()).to.deep.equal(ROWS_TO_COME.toSorted())
	})

	it('stand in the files that are named after them', () => {
		const others = FILES.filter(name => {
			const [, number = ''] = /^([A-K]\d+)(?:\.kernel)?\.test\.ts$/.exec(name) ?? []
			const rows = [...readFileSync(new URL(name, FOLDER), 'utf8').matchAll(/\brow\(\s*'(\w+)'/g)]
			return !ROW_NUMBERS.includes(number) || rows.length === 0 || rows.some(([, found]) => found !== number)
		})
		expect(others).to.deep.equal([])
	})
})
