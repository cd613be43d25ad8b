import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'

const SRC = fileURLToPath(new URL('../../src/', import.meta.url))
const FOLDERS = readdirSync(SRC).filter(folder => existsSync(`${SRC}${folder}/README.md`))

describe('the README of a folder in src/', () => {
	it('is there where there is a way to follow', () => {
		expect(FOLDERS).to.include.members([
			'desired',
			'state',
			'plan',
			'kernel',
			'kubernetes',
			'observe',
			'controller',
			'cli',
		])
	})

	for (const folder of FOLDERS) {
		it(`names each file: ${folder}`, () => {
			const text = readFileSync(`${SRC}${folder}/README.md`, 'utf8')
			const files = readdirSync(SRC + folder).filter(file => file.endsWith('.ts'))
			expect(files.filter(file => !text.includes(`\`${file}\``))).to.deep.equal([])
		})
	}
})
