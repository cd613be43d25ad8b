import {readFileSync} from 'node:fs'
import {expect} from 'chai'

interface LockFile {
	readonly packages: Readonly<Record<string, {readonly integrity?: string}>>
}

describe('package-lock.json', () => {
	it('has the hash of each package, so that npm refuses another content; npm leaves it out after some installations', () => {
		const text = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')
		const {packages} = JSON.parse(text) as LockFile
		const open = Object.entries(packages).filter(([path, {integrity}]) => path !== '' && !integrity)
		expect(Object.keys(packages)).to.not.have.length(0)
		expect(open.map(([path]) => path)).to.deep.equal([])
	})
})
