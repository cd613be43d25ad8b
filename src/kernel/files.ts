import {readFile, writeFile} from 'node:fs/promises'
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
}
