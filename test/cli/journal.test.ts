import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdir, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {execa} from 'execa'
import type {JournalEntry} from '../../src/observe/journal/journal-entry.ts'
import {createJournalWriter, journalPaths} from '../../src/observe/journal/journal-file.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

const entry = (time: string, service: string, operation: string): JournalEntry => ({
	...{time, cause: 'change', services: [service], milliseconds: 1},
	changes: [{service, operation}],
})

const FIRST = entry('2026-01-01T12:00:00.000Z', 'ns/a', 'bind-vip 10.96.0.1 (address)')
const SECOND = entry('2026-01-01T13:00:00.000Z', 'ns/b', 'bind-vip 10.96.0.2 (address)')
const [FIRST_LINE, SECOND_LINE] = [FIRST, SECOND].map(
	({time, changes}) => `${time}  change  ${changes[0]?.service}  ${changes[0]?.operation}`,
)

describe('kube-lvs journal', () => {
	let directory: string
	const children: ChildProcess[] = []

	const write = async (...entries: readonly JournalEntry[]) => {
		const writer = createJournalWriter({runtimeDirectory: directory, maxBytes: 1e6, report: () => undefined})
		writer.write(entries.map(found => JSON.stringify(found)))
		await writer.flush()
	}
	const args = (flags: readonly string[]) => [MAIN, 'journal', '--runtime-directory', directory, ...flags]
	const journal = (...flags: readonly string[]) => execa('node', args(flags), {reject: false})

	beforeEach(async () => {
		directory = await mkdtemp(join(tmpdir(), 'kube-lvs-journal-'))
	})

	afterEach(async () => {
		for (const child of children.splice(0)) {
			child.kill('SIGKILL')
		}
		await rm(directory, {recursive: true})
	})

	it('prints all of it, or what is asked for', async () => {
		await write(FIRST, SECOND)
		expect((await journal()).stdout).to.equal(`${FIRST_LINE}\n${SECOND_LINE}`)
		expect((await journal('--service', 'ns/a')).stdout).to.equal(FIRST_LINE)
		expect((await journal('--service', 'ns/')).stdout).to.equal(`${FIRST_LINE}\n${SECOND_LINE}`)
		expect((await journal('--since', '2026-01-01T12:30:00Z')).stdout).to.equal(SECOND_LINE)
		expect((await journal('--since', '1m')).stdout).to.equal('nothing was changed')
		expect(JSON.parse((await journal('-o', 'json', '--service', 'ns/b')).stdout)).to.deep.equal({syncs: [SECOND]})
	})

	it('fails where there is none, and with a time that is none', async () => {
		const {exitCode, stderr} = await journal()
		expect(exitCode).to.equal(1)
		expect(stderr).to.include('has no journal')
		await mkdir(journalPaths(directory).current)
		expect((await journal()).stderr).to.equal(
			'kube-lvs: the journal cannot be read: EISDIR: illegal operation on a directory, read',
		)
		const wrong = await journal('--since', 'yesterday')
		expect(wrong.exitCode).to.equal(1)
		expect(wrong.stderr).to.include('--since: "yesterday" is neither a duration')
	})

	it('follows it, also before it begins, and ends with its reader', async () => {
		const child = spawn('node', args(['--follow', '-o', 'json']), {stdio: ['ignore', 'pipe', 'inherit']})
		const ended = once(child, 'exit')
		children.push(child)
		const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]()
		const next = async () => JSON.parse((await lines.next()).value ?? '')
		await write(FIRST)
		expect(await next()).to.deep.equal(FIRST)
		await write(SECOND)
		expect(await next()).to.deep.equal(SECOND)
		child.stdout.destroy()
		await write(FIRST)
		expect((await ended)[0]).to.equal(0)
	})
})
