import type {FilesDoor} from '../doors.ts'

/** A setting as it was before we changed it for the first time, and as we left it. */
export interface FormerSetting {
	readonly former: string
	readonly written: string
}

type Settings = ReadonlyMap<string, FormerSetting>

/**
 * Remembers in a file what kernel settings were before we changed them, for `kube-lvs cleanup`. The first value wins,
 * however often a setting is changed after that. The file lives as long as the settings do: that of an earlier boot is
 * not believed, and one that makes no sense is none.
 */
export class FormerSettings {
	readonly #files: FilesDoor
	readonly #path: string
	#settings: Settings | undefined

	constructor(files: FilesDoor, directory: string) {
		this.#files = files
		this.#path = `${directory}/settings.json`
	}

	/** In the order in which they were first changed. Rejects with the system's error. */
	async read(): Promise<Settings> {
		this.#settings ??= await this.#load()
		return this.#settings
	}

	/**
	 * To be called before the setting is changed. Resolves with an error when this cannot be kept: the setting is
	 * changed all the same, because the node has to serve, and `cleanup` will not put it back.
	 */
	async note(name: string, {former, written}: FormerSetting): Promise<Error | undefined> {
		try {
			const settings = await this.read()
			const known = settings.get(name)
			if (known?.written === written) {
				return undefined
			}
			const noted = new Map([...settings, [name, {former: known?.former ?? former, written}]])
			const boot = await this.#boot()
			await this.#files.replace(this.#path, `${JSON.stringify({boot, settings: Object.fromEntries(noted)}, null, 2)}\n`)
			this.#settings = noted
			return undefined
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error)
			return new Error(`${name} is set, but its former value "${former}" could not be noted: ${reason}`)
		}
	}

	async forget(): Promise<void> {
		await this.#files.remove(this.#path)
		this.#settings = undefined
	}

	async #load(): Promise<Settings> {
		const text = await this.#files.read(this.#path)
		const present = await this.#boot()
		try {
			const {boot, settings} = JSON.parse(text ?? '{}')
			const entries: readonly (readonly [string, unknown])[] = Object.entries(settings ?? {})
			return boot === present
				? new Map(entries.flatMap(([name, value]) => (isSetting(value) ? [[name, value] as const] : [])))
				: new Map()
		} catch {
			return new Map()
		}
	}

	/** Differs from boot to boot. */
	async #boot(): Promise<string> {
		return (await this.#files.read('/proc/sys/kernel/random/boot_id'))?.trim() ?? ''
	}
}

const isSetting = (value: unknown): value is FormerSetting =>
	typeof value === 'object' &&
	value !== null &&
	'former' in value &&
	'written' in value &&
	typeof value.former === 'string' &&
	typeof value.written === 'string'
