import {readdir, readFile, stat} from 'node:fs/promises'
import {basename, join} from 'node:path'

/** Name of each file and its stamp, which changes whenever the file does. */
export type FileStamps = ReadonlyMap<string, FileStamp>

export interface FileStamp {
	readonly path: string
	readonly text: string
	/** Milliseconds since 1970 */
	readonly modifiedAt: number
}

const MANIFEST = /^[^.].*\.(ya?ml|json)$/

/** The files of a folder that are read, by name; or the one file that `path` is. Rejects when it is neither. */
export const listManifestFiles = async (path: string): Promise<FileStamps> => {
	const root = await stat(path)
	const entries = root.isDirectory()
		? (await readdir(path)).filter(name => MANIFEST.test(name)).map(name => ({name, path: join(path, name)}))
		: [{name: basename(path), path}]
	const stamps = await Promise.all(entries.map(async entry => [entry.name, await stampOf(entry.path)] as const))
	const files = stamps.flatMap(([name, stamp]) => (stamp ? [[name, stamp] as const] : []))
	return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)))
}

export const readManifestFile = (path: string): Promise<string> => readFile(path, 'utf8')

/** Undefined for what is no file, or is gone since the folder was read. */
const stampOf = async (path: string): Promise<FileStamp | undefined> => {
	try {
		const info = await stat(path, {bigint: true})
		const text = [info.dev, info.ino, info.size, info.mtimeNs, info.ctimeNs].join(':')
		return info.isFile() ? {path, text, modifiedAt: Number(info.mtimeMs)} : undefined
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined
		}
		throw error
	}
}
