import {appendFile, mkdir, open, rename, rm} from 'node:fs/promises'
import {dirname, join} from 'node:path'

/** In the runtime directory. */
const NAME = 'journal.jsonl'
const FORMER_NAME = 'journal.1.jsonl'

/** The newest part of the journal, and what was that before. */
export const journalPaths = (runtimeDirectory: string) => ({
	current: join(runtimeDirectory, NAME),
	former: join(runtimeDirectory, FORMER_NAME),
})

export interface JournalWriter {
	/** Lines without their ends. Never throws and does not wait. */
	readonly write: (lines: readonly string[]) => void
	/** Resolves when all is written. */
	readonly flush: () => Promise<void>
}

export interface JournalWriterParts {
	readonly runtimeDirectory: string
	/** Of both files together. */
	readonly maxBytes: number
	/** Told when something could not be written, once until it can again. */
	readonly report: (message: string) => void
}

/**
 * Appends to a file; when it has half of the room it takes the place of the former one. Only while as much waits as a
 * file may have, for a disk that hangs, lines are lost.
 */
export const createJournalWriter = ({runtimeDirectory, maxBytes, report}: JournalWriterParts): JournalWriter => {
	const {current, former} = journalPaths(runtimeDirectory)
	const half = Math.floor(maxBytes / 2)
	let size: number | undefined
	/** The last line has no end: a process was killed, or the disk was full. */
	let isTorn = false
	let waiting = 0
	let turn = Promise.resolve()
	let isFailing = false
	const put = async (text: string, bytes: number): Promise<void> => {
		if (size === undefined) {
			await mkdir(dirname(current), {recursive: true, mode: 0o700})
			;({size, isTorn} = await lookAt(current))
		}
		if (size > 0 && size + bytes > half) {
			await rename(current, former)
			size = 0
			isTorn = false
		}
		await appendFile(current, isTorn ? `\n${text}` : text, {mode: 0o600})
		size += bytes
		isTorn = false
	}
	const tryPut = async (text: string, bytes: number): Promise<void> => {
		try {
			await put(text, bytes)
			isFailing = false
		} catch (error) {
			size = undefined
			complain(error instanceof Error ? error.message : String(error))
		}
		waiting -= bytes
	}
	const complain = (message: string): void => {
		if (!isFailing) {
			isFailing = true
			report(`the journal could not be written: ${message}`)
		}
	}
	return {
		write: lines => {
			const text = lines.map(line => `${line}\n`).join('')
			const bytes = Buffer.byteLength(text)
			if (waiting > half) {
				complain(`${waiting} bytes are waiting`)
			} else {
				waiting += bytes
				turn = turn.then(() => tryPut(text, bytes))
			}
		},
		flush: () => turn,
	}
}

const lookAt = async (path: string): Promise<{size: number; isTorn: boolean}> => {
	const file = await open(path).catch(error => {
		if (isMissing(error)) {
			return undefined
		}
		throw error
	})
	if (!file) {
		return {size: 0, isTorn: false}
	}
	try {
		const {size} = await file.stat()
		const last = size > 0 ? (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer : NEWLINE
		return {size, isTorn: !NEWLINE.equals(last)}
	} finally {
		await file.close()
	}
}

const NEWLINE = Buffer.from('\n')

export const isMissing = (error: unknown): boolean =>
	error instanceof Error && 'code' in error && error.code === 'ENOENT'

export const removeJournal = async (runtimeDirectory: string): Promise<void> => {
	for (const path of Object.values(journalPaths(runtimeDirectory))) {
		await rm(path, {force: true})
	}
}
