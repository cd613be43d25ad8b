import {mkdtemp, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {systemFiles} from '../../src/kernel/files.ts'

describe('files of this machine', () => {
	let folder = ''

	before(async () => {
		folder = await mkdtemp(join(tmpdir(), 'kube-lvs-files-'))
	})

	after(() => rm(folder, {recursive: true}))

	it('are made with their folder, replaced as a whole, and removed, also when they are not there', async () => {
		const path = join(folder, 'run', 'settings.json')
		expect(await systemFiles.read(path)).to.equal(undefined)
		for (const text of ['a longer text\n', 'b\n']) {
			await systemFiles.replace(path, text)
			expect(await systemFiles.read(path)).to.equal(text)
			expect(await readdir(join(folder, 'run'))).to.deep.equal(['settings.json'])
		}
		await systemFiles.remove(path)
		await systemFiles.remove(path)
		expect(await readdir(join(folder, 'run'))).to.deep.equal([])
	})
})
