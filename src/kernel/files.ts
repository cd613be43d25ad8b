import {readSync} from 'node:fs'
import {type FileHandle, mkdir, open, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {dirname} from 'node:path'
import type {FilesDoor} from './doors.ts'
import {giveWay} from './give-way.ts'

export const systemFiles: FilesDoor = {
	read: path => readFile(path, 'latin1').catch(unlessMissing),
	pieces: async function* (path) {
		const file = await open(path).catch(unlessMissing)
		if (file) {
			try {
				yield* piecesOf(file)
			} finally {
				await file.close()
			}
		}
	},
	write: (path, text) => writeFile(path, text),
	replace: async (path, text) => {
		await mkdir(dirname(path), {recursive: true, mode: 0o700})
		await writeFile(`${path}.new`, text, {mode: 0o600, flush: true})
		await rename(`${path}.new`, path)
	},
	remove: path => rm(path, {force: true}),
}

/** Bytes that are read before others have their turn. */
const PIECE = 65_536

/**
 * The kernel gives a page or a few at a time, however many are asked for. To wait for each of these takes longer than the
 * read itself, which waits for nothing.
 */
async function* piecesOf(file: FileHandle): AsyncGenerator<string> {
	const buffer = Buffer.allocUnsafeSlow(PIECE)
	for (let isOver = false; !isOver; ) {
		let size = 0
		while (!isOver && size < PIECE) {
			const read = readSync(file.fd, buffer, size, PIECE - size, null)
			size += read
			isOver = read === 0
		}
		yield buffer.toString('latin1', 0, size)
		await giveWay()
	}
}

const unlessMissing = (error: unknown): undefined => {
	if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
		return undefined
	}
	throw error
}
