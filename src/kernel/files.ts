import {mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {dirname} from 'node:path'
import type {FilesDoor} from './doors.ts'

export const systemFiles: FilesDoor = {
	read: async path => {
		try {
			return await readFile(path, 'latin1')
		} catch (error) {
			if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
				return undefined
			}
			throw error
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
