import type {Logger} from 'pino'
import type {Sysctl} from '../state/sysctl.ts'
import type {Observer} from './observer.ts'

/** A kernel setting that is not as it should be, and that this process may not write. */
interface Refused {
	readonly sysctl: Sysctl
	/** `EROFS`. */
	readonly code: string
}

export interface RefusedSettings {
	readonly observer: Pick<Observer, 'synced'>
	/** One for each setting that is wrong now. */
	readonly warnings: () => readonly string[]
}

/** Says once that a setting is wrong and cannot be mended from here, and once that it is right again. */
export const tellRefusedSettings = (
	log: Pick<Logger, 'warn' | 'info'>,
	refused: () => readonly Refused[],
): RefusedSettings => {
	let said: ReadonlySet<string> = new Set()
	return {
		observer: {
			synced: () => {
				const now = new Map(refused().map(setting => [setting.sysctl.path, setting]))
				for (const setting of now.values()) {
					said.has(setting.sysctl.path) || log.warn(format(setting))
				}
				for (const path of said) {
					now.has(path) || log.info(`the kernel setting ${path} is as it should be`)
				}
				said = new Set(now.keys())
			},
		},
		warnings: () => refused().map(format),
	}
}

const format = ({sysctl: {path, value, why}, code}: Refused): string =>
	`the kernel setting ${path} should be ${value}, and this process may not write it (${code}): ${why}; ` +
	'`kube-lvs doctor --prepare` sets it, in a privileged container or on the node'
