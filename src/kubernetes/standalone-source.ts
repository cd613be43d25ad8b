import {stat} from 'node:fs/promises'
import {dirname} from 'node:path'
import type {Clock} from '../clock.ts'
import {OBJECT_KINDS, type ObjectSource} from '../model/object.ts'
import type {Problem} from '../model/problem.ts'
import {createLookDelivery} from './look-delivery.ts'
import {ManifestFolder} from './manifest-folder.ts'
import {createWakeUp} from './wake-up.ts'

export interface StandaloneOptions {
	/** A folder of *.yaml, *.yml and *.json, or one such file. */
	readonly path: string
	readonly clock: Clock
	readonly pollMilliseconds?: number
}

/** A file is read when it has not changed for so long: editors and copies write in several steps. */
const SETTLE_MILLISECONDS = 100

/**
 * Objects from files, without any API server.
 *
 * 1. `synced` follows the first look at all files; what is broken then is a problem, and missing.
 * 2. A broken file keeps the objects that it had; so does a folder that is gone. A file that is gone takes its objects along.
 * 3. Each problem is said when it begins; again only after it was over.
 * 4. Rejects when there is nothing at `path` at the start.
 */
export const createStandaloneSource = (options: StandaloneOptions): ObjectSource => ({
	run: async (sink, signal) => {
		const {path, clock, pollMilliseconds = 1000} = options
		const folder = new ManifestFolder(options)
		const delivery = createLookDelivery(sink)
		delivery.deliver(await folder.look(false).catch(error => Promise.reject(missing(path, error))))
		for (const kind of OBJECT_KINDS) {
			sink.synced(kind)
		}
		const wakeUp = createWakeUp(await folderOf(path), clock, signal)
		let pause = pollMilliseconds
		while (!signal.aborted) {
			await wakeUp.pause(pause)
			if (!signal.aborted) {
				const look = await folder.look(true).catch(error => delivery.say(vanishedProblem(path, error)))
				pause = look?.isUnsettled ? Math.min(SETTLE_MILLISECONDS, pollMilliseconds) : pollMilliseconds
				if (look) {
					delivery.deliver(look)
				}
			}
		}
		wakeUp.close()
	},
})

const folderOf = async (path: string): Promise<string> => ((await stat(path)).isDirectory() ? path : dirname(path))

const missing = (path: string, error: unknown): Error =>
	new Error(`cannot read objects from ${path}: ${error instanceof Error ? error.message : error}`)

const vanishedProblem = (path: string, error: unknown): Problem => ({
	object: {kind: 'Folder', namespace: '', name: path, uid: ''},
	field: '',
	reason: 'InvalidObject',
	message: `${missing(path, error).message}; the last known objects stay in use`,
})
