import {watch} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {basename, dirname} from 'node:path'
import {sleep, systemClock} from '../clock.ts'
import {aborted} from './aborted.ts'
import {Failure} from './failure.ts'

/** A configuration file as it was read at start. */
export interface ConfigFile {
	readonly path: string
	readonly text: string
}

/**
 * Fails as soon as one of the files has another content than at start, so that whoever supervises the process starts
 * it anew; resolves when the signal is aborted. A file that is gone changes nothing. Where nothing can be watched, as on a
 * node that has no watches of the file system left, the log says so, and Services are served on.
 *
 * What is watched is the folder: editors and mounted ConfigMaps replace files, or a symbolic link above them.
 */
export const watchConfig = async (
	files: readonly ConfigFile[],
	signal: AbortSignal,
	log: {readonly warn: (message: string) => void},
): Promise<void> => {
	const over = new AbortController()
	const either = AbortSignal.any([signal, over.signal])
	try {
		await Promise.race([aborted(signal), ...files.map(file => changed(file, either, message => log.warn(message)))])
	} finally {
		over.abort()
	}
}

/** Milliseconds for a file to be written from beginning to end. */
const SETTLING_TIME = 200

/** Never resolves. */
const changed = ({path, text}: ConfigFile, signal: AbortSignal, warn: (message: string) => void): Promise<void> =>
	new Promise<void>((_, reject) => {
		const isOther = async () => (await readFile(path, 'utf8').catch(() => text)) !== text
		const compare = async () => {
			if (!(await isOther())) {
				return
			}
			// It may be in the middle of being written.
			await sleep(systemClock, SETTLING_TIME, signal)
			if (await isOther()) {
				reject(new Failure(`${basename(path)} has changed; to be started again with it`))
			}
		}
		const doWithout = (error: unknown) =>
			warn(`${path} cannot be watched: ${(error as Error).message}; when it changes, start kube-lvs again`)
		try {
			watch(dirname(path), {signal}, compare).on('error', doWithout)
		} catch (error) {
			doWithout(error)
		}
		// It may have changed before it was watched.
		void compare()
	})
