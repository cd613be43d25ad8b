import {createHash} from 'node:crypto'
import type {Clock} from '../clock.ts'
import type {Problem} from '../model/problem.ts'
import {type ManifestEntry, readManifestEntry} from './manifest-entry.ts'
import {type FileStamp, type FileStamps, listManifestFiles, readManifestFile} from './manifest-files.ts'
import {parseManifest} from './parse-manifest.ts'

export interface ManifestFolderOptions {
	readonly path: string
	readonly clock: Clock
}

/** What one look at the folder found. */
export interface ManifestLook {
	/** Of all files, by name of the file; of a broken one, what it had when it was last whole. */
	readonly entries: readonly ManifestEntry[]
	/** All that is wrong with files at present; problems of objects are in their entries. */
	readonly problems: readonly Problem[]
	/** Some file is being written: look again soon. */
	readonly isUnsettled: boolean
}

interface KnownFile {
	/** Of the last look, whether the file was read then or not. */
	seen: string
	/** Of the text that was read last. */
	read: string
	readAt: number
	hash: string
	entries: readonly ManifestEntry[]
	problem: Problem | undefined
}

/** Some file systems count time in whole seconds: a file so young may change again with the same stamp. */
const YOUNG_MILLISECONDS = 2500

/** Remembers what it has read, and reads again only what has changed. */
export class ManifestFolder {
	private readonly options: ManifestFolderOptions
	private readonly files = new Map<string, KnownFile>()

	constructor(options: ManifestFolderOptions) {
		this.options = options
	}

	/** With `settle`, a changed file is read once it looks the same twice. Rejects when there is no such folder or file. */
	async look(settle: boolean): Promise<ManifestLook> {
		const stamps = await listManifestFiles(this.options.path)
		let isUnsettled = this.forgetFiles(stamps, settle)
		for (const [name, stamp] of stamps) {
			isUnsettled = !(await this.lookAtFile(name, stamp, settle)) || isUnsettled
		}
		const known = [...this.files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file)
		return {
			entries: known.flatMap(({entries}) => entries),
			problems: known.flatMap(({problem}) => problem ?? []),
			isUnsettled,
		}
	}

	/** Whether some file may only be away for a moment: an editor puts another one in its place. */
	private forgetFiles(stamps: FileStamps, settle: boolean): boolean {
		let isUnsettled = false
		for (const [name, file] of this.files) {
			if (stamps.has(name)) {
				continue
			}
			if (settle && file.seen !== GONE) {
				file.seen = GONE
				isUnsettled = true
			} else {
				this.files.delete(name)
			}
		}
		return isUnsettled
	}

	/** Whether nothing is left to be read of it. */
	private async lookAtFile(name: string, stamp: FileStamp, settle: boolean): Promise<boolean> {
		const file = this.files.get(name) ?? emptyFile()
		this.files.set(name, file)
		const isStable = file.seen === stamp.text
		file.seen = stamp.text
		if (file.read === stamp.text && file.readAt - stamp.modifiedAt > YOUNG_MILLISECONDS) {
			return true
		}
		if (settle && !isStable) {
			return false
		}
		await this.readFile(name, stamp, file)
		return true
	}

	private async readFile(name: string, stamp: FileStamp, file: KnownFile): Promise<void> {
		const readAt = this.options.clock.wall()
		try {
			const text = await readManifestFile(stamp.path)
			const hash = createHash('sha256').update(text).digest('base64')
			if (hash !== file.hash) {
				Object.assign(file, {hash, ...readText(name, text, file.entries)})
			}
			Object.assign(file, {read: stamp.text, readAt})
		} catch (error) {
			file.hash = ''
			file.problem = fileProblem(name, 1, `cannot be read: ${error instanceof Error ? error.message : error}`)
		}
	}
}

const GONE = 'gone'

const emptyFile = (): KnownFile => ({seen: '', read: '', readAt: 0, hash: '', entries: [], problem: undefined})

const readText = (
	name: string,
	text: string,
	lastGood: readonly ManifestEntry[],
): Pick<KnownFile, 'entries' | 'problem'> => {
	const manifest = parseManifest(name, text)
	if ('error' in manifest) {
		return {entries: lastGood, problem: fileProblem(name, manifest.line, manifest.error)}
	}
	const entries = manifest.objects.flatMap(object => readManifestEntry(object, `${name}:${object.line}`) ?? [])
	return {entries, problem: undefined}
}

const fileProblem = (name: string, line: number, message: string): Problem => ({
	object: {kind: 'File', namespace: '', name, uid: ''},
	field: `${name}:${line}`,
	reason: 'InvalidObject',
	message: `${message}; the last good content of the file stays in use`,
})
