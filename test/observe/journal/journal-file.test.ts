import {appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {createJournalWriter, journalPaths, removeJournal} from '../../../src/observe/journal/journal-file.ts'
import {JournalReader} from '../../../src/observe/journal/journal-reader.ts'

const line = (number: number): string =>
	JSON.stringify({time: String(number).padStart(6, '0'), cause: 'change', changes: []})

const LINE_BYTES = line(0).length + 1

describe('the file of the journal', () => {
	let folder: string
	let directory: string
	let reports: string[]

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'kube-lvs-journal-'))
		directory = join(folder, 'run')
		reports = []
	})

	afterEach(() => rm(folder, {recursive: true}))

	const open = (maxBytes: number) =>
		createJournalWriter({runtimeDirectory: directory, maxBytes, report: message => reports.push(message)})

	const times = async (reader = new JournalReader(directory)) => (await reader.read())?.map(({time}) => Number(time))

	it('is read as it was written, by whoever may read it', async () => {
		expect(await times()).to.equal(undefined)
		const writer = open(1e6)
		writer.write([line(1), line(2)])
		writer.write([line(3)])
		await writer.flush()
		expect(await times()).to.deep.equal([1, 2, 3])
		expect((await stat(journalPaths(directory).current)).mode & 0o777).to.equal(0o600)
		expect(reports).to.deep.equal([])
	})

	it('goes on where another process has ended', async () => {
		for (const number of [1, 2]) {
			const writer = open(4 * LINE_BYTES)
			writer.write([line(number)])
			await writer.flush()
		}
		const writer = open(4 * LINE_BYTES)
		writer.write([line(3)])
		await writer.flush()
		expect(await times()).to.deep.equal([1, 2, 3])
		expect(await readdir(directory)).to.have.length(2)
	})

	it('has the latest, and never more than its room', async () => {
		const writer = open(20 * LINE_BYTES)
		for (let number = 0; number < 100; number++) {
			writer.write([line(number)])
			await writer.flush()
			const sizes = await Promise.all(
				(await readdir(directory)).map(async name => (await stat(join(directory, name))).size),
			)
			expect(sizes.reduce((sum, size) => sum + size, 0)).to.be.most(20 * LINE_BYTES)
		}
		const kept = (await times()) ?? []
		expect(kept.length).to.be.within(10, 20)
		expect(kept).to.deep.equal(Array.from(kept, (_, at) => 100 - kept.length + at))
	})

	it('can be followed, also where it begins anew in between', async () => {
		const writer = open(10 * LINE_BYTES)
		const reader = new JournalReader(directory)
		const seen: number[] = []
		for (let number = 0; number < 40; number++) {
			writer.write([line(number)])
			await writer.flush()
			if (number % 3 === 0) {
				seen.push(...((await times(reader)) ?? []))
			}
		}
		expect(seen).to.deep.equal(Array.from({length: 40}, (_, at) => at))
	})

	it('is not kept open by whoever follows it', async () => {
		const writer = open(4 * LINE_BYTES)
		const reader = new JournalReader(directory)
		const openFiles = async () => (await readdir('/proc/self/fd')).length
		const before = await openFiles()
		for (let number = 0; number < 20; number++) {
			writer.write([line(number)])
			await writer.flush()
			await reader.read()
		}
		expect(await openFiles()).to.be.below(before + 10)
	})

	it('gives whole lines only, and passes over what is none', async () => {
		const writer = open(1e6)
		writer.write([line(1)])
		await writer.flush()
		const {current} = journalPaths(directory)
		const reader = new JournalReader(directory)
		await appendFile(current, line(2).slice(0, 20))
		expect(await times(reader)).to.deep.equal([1])
		await appendFile(current, `${line(2).slice(20)}\n`)
		expect(await times(reader)).to.deep.equal([2])
		await appendFile(current, `${line(3).slice(0, 20)}\n${line(4)}\n`)
		expect(await times(reader)).to.deep.equal([4])
	})

	it('begins a line of its own behind one that a killed process has not finished, or a full disk', async () => {
		await mkdir(directory)
		await writeFile(journalPaths(directory).current, `${line(1)}\n${line(2).slice(0, 20)}`)
		const writer = open(1e6)
		writer.write([line(3)])
		writer.write([line(4)])
		await writer.flush()
		expect(await times()).to.deep.equal([1, 3, 4])
	})

	it('says once that it cannot be written, is written again when it can, and says it anew', async () => {
		await writeFile(directory, 'no folder')
		const writer = open(1e6)
		writer.write([line(1)])
		writer.write([line(2)])
		await writer.flush()
		expect(reports).to.have.length(1)
		expect(reports[0]).to.match(/^the journal could not be written: E/)
		await rm(directory)
		writer.write([line(3)])
		await writer.flush()
		expect(await times()).to.deep.equal([3])
		await rm(directory, {recursive: true})
		await writeFile(directory, 'no folder')
		writer.write([line(4)])
		writer.write([line(5)])
		await writer.flush()
		expect(reports).to.have.length(2)
	})

	it('keeps no more in memory than it has room for', async () => {
		const writer = open(4 * LINE_BYTES)
		for (let number = 0; number < 100; number++) {
			writer.write([line(number)])
		}
		await writer.flush()
		expect(reports).to.have.length(1)
		expect(await times()).to.deep.equal([0, 1, 2])
	})

	it('can be removed', async () => {
		const writer = open(4 * LINE_BYTES)
		writer.write([line(1), line(2)])
		writer.write([line(3)])
		await writer.flush()
		await removeJournal(directory)
		expect(await readdir(directory)).to.deep.equal([])
		await removeJournal(directory)
		expect(await readFile(journalPaths(directory).current, 'utf8').catch(({code}) => code)).to.equal('ENOENT')
	})
})
