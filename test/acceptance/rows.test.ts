import {readdirSync, readFileSync} from 'node:fs'
import {expect} from 'chai'
import {ROW_NUMBERS} from './numbers.ts'

const FOLDER = new URL('rows/', import.meta.url)
const FILES = readdirSync(FOLDER)

describe('the acceptance rows', () => {
	it('are 151', () => {
		expect(ROW_NUMBERS).to.have.length(151)
		expect(new Set(ROW_NUMBERS).size).to.equal(151)
	})

	it('have a file each', () => {
		expect(ROW_NUMBERS.filter(number => !FILES.includes(`${number}.test.ts`))).to.deep.equal([])
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
