import type {Operation} from '../../plan/operation.ts'
import type {ActualState} from '../../state/node-state.ts'
import type {FilesDoor} from '../doors.ts'

export type SysctlOperation = Extract<Operation, {readonly kind: 'set-sysctl'}>

/** Kernel settings below /proc/sys. */
export class SysctlClient {
	readonly #files: FilesDoor

	constructor(files: FilesDoor) {
		this.#files = files
	}

	/** The values of these paths; one that the kernel does not have is absent. */
	async read(paths: readonly string[]): Promise<Pick<ActualState, 'sysctls'>> {
		const sysctls = new Map<string, string>()
		for (const path of paths) {
			const text = await this.#files.read(`/proc/sys/${path}`)
			if (text !== undefined) {
				sysctls.set(path, text.trim())
			}
		}
		return {sysctls}
	}

	/** In the order given; each result is undefined for success. */
	async apply(operations: readonly SysctlOperation[]): Promise<readonly (Error | undefined)[]> {
		const results: (Error | undefined)[] = []
		for (const {sysctl} of operations) {
			try {
				await this.#files.write(`/proc/sys/${sysctl.path}`, sysctl.value)
				results.push(undefined)
			} catch (error) {
				results.push(error instanceof Error ? error : new Error(String(error)))
			}
		}
		return results
	}
}
