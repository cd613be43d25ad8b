import type {Operation} from '../../plan/operation.ts'
import {isMet} from '../../plan/sysctl.ts'
import type {ActualState} from '../../state/node-state.ts'
import type {Sysctl} from '../../state/sysctl.ts'
import type {FilesDoor} from '../doors.ts'
import type {FormerSetting, FormerSettings} from './former-settings.ts'
import {SettingRefused} from './setting-refused.ts'

export type SysctlOperation = Extract<Operation, {readonly kind: 'set-sysctl'}>

/** Kernel settings below /proc/sys and /sys/module. With `former` their values are noted before they are changed. */
export class SysctlClient {
	readonly #files: FilesDoor
	readonly #former: FormerSettings | undefined
	readonly #refused = new Map<string, SettingRefused>()

	constructor(files: FilesDoor, former?: FormerSettings) {
		this.#files = files
		this.#former = former
	}

	/** The values of these paths; one that the kernel does not have, or does not show, is absent. */
	async read(paths: readonly string[]): Promise<Pick<ActualState, 'sysctls'>> {
		const sysctls = new Map<string, string>()
		for (const path of paths) {
			const value = await this.#show(path)
			if (value !== undefined) {
				sysctls.set(path, value)
			}
			const refused = this.#refused.get(path)
			if (refused && isMet(refused.sysctl, value)) {
				this.#refused.delete(path)
			}
		}
		return {sysctls}
	}

	/** Settings that are not as they should be, and that this process may not write; as they were last tried or read. */
	get refused(): readonly SettingRefused[] {
		return [...this.#refused.values()]
	}

	/** In the order given; each result is undefined for success. */
	async apply(operations: readonly SysctlOperation[]): Promise<readonly (Error | undefined)[]> {
		const results: (Error | undefined)[] = []
		for (const {sysctl} of operations) {
			this.#refused.delete(sysctl.path)
			try {
				results.push(await this.#set(sysctl))
			} catch (error) {
				const refusal = SettingRefused.of(sysctl, error instanceof Error ? error : new Error(String(error)))
				results.push(refusal)
				if (refusal instanceof SettingRefused) {
					this.#refused.set(sysctl.path, refusal)
				}
			}
		}
		return results
	}

	/** Whether it was still as we left it, and now is as it was before. Rejects with the system's error. */
	async putBack(path: string, {former, written}: FormerSetting): Promise<boolean> {
		const isOurs = (await this.#files.read(fileOf(path)))?.trim() === written
		if (isOurs) {
			await this.#files.write(fileOf(path), former)
		}
		return isOurs
	}

	async #set({path, value}: Sysctl): Promise<Error | undefined> {
		const former = (await this.#files.read(fileOf(path)))?.trim()
		const unnoted = former === undefined ? undefined : await this.#former?.note(path, {former, written: value})
		await this.#files.write(fileOf(path), value)
		const shown = await this.#show(path)
		if (former !== undefined && shown !== undefined && shown !== value) {
			// The kernel rounds some sizes up; the value that it shows tells whether it is still ours.
			await this.#former?.note(path, {former, written: shown})
		}
		return unnoted
	}

	async #show(path: string): Promise<string | undefined> {
		return (await this.#files.read(fileOf(path)).catch(() => undefined))?.trim()
	}
}

/** Where a setting is. */
export const fileOf = (path: string): string => (path.startsWith('/') ? path : `/proc/sys/${path}`)
