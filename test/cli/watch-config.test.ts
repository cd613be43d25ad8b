import {mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {Failure} from '../../src/cli/failure.ts'
import {watchConfig} from '../../src/cli/watch-config.ts'
import {eventually} from '../support/eventually.ts'

describe('watching the configuration', () => {
	let folder: string
	let path: string
	let stop: AbortController
	let warnings: string[]
	const log = {warn: (message: string) => void warnings.push(message)}

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'kube-lvs-'))
		path = join(folder, 'config.yaml')
		stop = new AbortController()
		warnings = []
		await writeFile(path, 'scheduler: rr\n')
	})

	afterEach(async () => {
		stop.abort()
		await rm(folder, {recursive: true})
	})

	const start = () => watchConfig([{path, text: 'scheduler: rr\n'}], stop.signal, log)

	const failureOf = (watching: Promise<void>): Promise<unknown> =>
		watching.then(
			() => 'no failure',
			error => error,
		)

	const expectEnd = async (watching: Promise<void>) => {
		const failure = await failureOf(watching)
		expect(failure).to.be.instanceOf(Failure)
		expect(String(failure)).to.match(/config\.yaml has changed/)
	}

	it('fails when the file is written', async () => {
		const watching = start()
		const end = expectEnd(watching)
		await writeFile(path, 'scheduler: lc\n')
		await end
	})

	it('fails when another file takes its place', async () => {
		const end = expectEnd(start())
		await writeFile(join(folder, 'new'), 'scheduler: lc\n')
		await rename(join(folder, 'new'), path)
		await end
	})

	it('fails when the folder behind a symbolic link is another one, as in a mounted ConfigMap', async () => {
		await unlink(path)
		for (const [name, scheduler] of [
			['..1', 'rr'],
			['..2', 'lc'],
		] as const) {
			await mkdir(join(folder, name))
			await writeFile(join(folder, name, 'config.yaml'), `scheduler: ${scheduler}\n`)
		}
		await symlink('..1', join(folder, '..data'))
		await symlink('..data/config.yaml', path)
		const end = expectEnd(start())
		await symlink('..2', join(folder, '..data_tmp'))
		await rename(join(folder, '..data_tmp'), join(folder, '..data'))
		await end
	})

	it('fails when the file has changed before', async () => {
		await writeFile(path, 'scheduler: lc\n')
		await expectEnd(start())
	})

	it('goes on when the same is written again, when a neighbour changes, and when the file is gone', async () => {
		const watching = start()
		let ended = false
		void watching.finally(() => {
			ended = true
		})
		await writeFile(path, 'scheduler: rr\n')
		await writeFile(join(folder, 'other'), 'x')
		await rm(path)
		// A second watch that sees a later change has seen all of these.
		const sentinel = join(folder, 'sentinel')
		await writeFile(sentinel, 'a')
		const seen = failureOf(watchConfig([{path: sentinel, text: 'a'}], stop.signal, log))
		await writeFile(sentinel, 'b')
		expect(await seen).to.be.instanceOf(Failure)
		expect(ended).to.equal(false)
		stop.abort()
		await watching
	})

	it('goes on when the file is half written for a moment', async () => {
		const watching = start()
		await writeFile(path, 'sched')
		await writeFile(path, 'scheduler: rr\n')
		const sentinel = join(folder, 'sentinel')
		await writeFile(sentinel, 'a')
		const seen = failureOf(watchConfig([{path: sentinel, text: 'a'}], stop.signal, log))
		await writeFile(sentinel, 'b')
		expect(await seen).to.be.instanceOf(Failure)
		stop.abort()
		await watching
	})

	it('ends without files, too, when it is told to', async () => {
		const watching = watchConfig([], stop.signal, log)
		stop.abort()
		await watching
		await watchConfig([], stop.signal, log)
	})

	it('does without where a folder cannot be watched, as when the node has no watches left, and says so', async () => {
		const path = join(folder, 'none', 'x')
		const watching = watchConfig([{path, text: ''}], stop.signal, log)
		await eventually(() => expect(warnings).to.have.length(1))
		expect(warnings[0]).to.match(/none\/x cannot be watched: ENOENT.*; when it changes, start kube-lvs again/)
		stop.abort()
		await watching
	})
})
