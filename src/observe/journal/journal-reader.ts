import {type FileHandle, open} from 'node:fs/promises'
import {type JournalEntry, parseEntry} from './journal-entry.ts'
import {isMissing, journalPaths} from './journal-file.ts'

const NEWLINE = 0x0a

/** Reads a journal that may be written meanwhile. */
export class JournalReader {
	readonly #paths: ReturnType<typeof journalPaths>
	/** Of the newest part as it was last read: its inode, and how much of it. */
	#inode: number | undefined
	#offset = 0

	constructor(runtimeDirectory: string) {
		this.#paths = journalPaths(runtimeDirectory)
	}

	/**
	 * What has come since the last call, oldest first, and at first everything that there is; undefined where there is no
	 * journal. Rejects with the system's error.
	 */
	async read(): Promise<readonly JournalEntry[] | undefined> {
		const file = await openIfThere(this.#paths.current)
		if (!file) {
			return undefined
		}
		try {
			const {ino} = await file.stat()
			const before = ino === this.#inode ? [] : await this.#readFormer()
			if (ino !== this.#inode) {
				this.#inode = ino
				this.#offset = 0
			}
			return [...before, ...(await this.#readOn(file))]
		} finally {
			await file.close()
		}
	}

	/** The rest of the part that was the newest, or all of the one before the newest. */
	async #readFormer(): Promise<readonly JournalEntry[]> {
		const file = await openIfThere(this.#paths.former)
		if (!file) {
			return []
		}
		try {
			const {ino} = await file.stat()
			this.#offset = ino === this.#inode ? this.#offset : 0
			return await this.#readOn(file)
		} finally {
			await file.close()
		}
	}

	/** Whole lines only: the last one may be half written. */
	async #readOn(file: FileHandle): Promise<readonly JournalEntry[]> {
		const {size} = await file.stat()
		const bytes = Buffer.alloc(Math.max(size - this.#offset, 0))
		const {bytesRead} = await file.read(bytes, 0, bytes.length, this.#offset)
		const end = bytes.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1
		this.#offset += end
		return bytes
			.toString('utf8', 0, end)
			.split('\n')
			.flatMap(line => parseEntry(line) ?? [])
	}
}

const openIfThere = (path: string): Promise<FileHandle | undefined> =>
	open(path).catch(error => {
		if (isMissing(error)) {
			return undefined
		}
		throw error
	})
