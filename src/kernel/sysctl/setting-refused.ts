import type {Sysctl} from '../../state/sysctl.ts'

/** Where /proc/sys is read-only, as in a container without privileges; or the file is another user's. */
const NOT_ALLOWED: ReadonlySet<string> = new Set(['EROFS', 'EACCES', 'EPERM'])

/**
 * This process may not write a setting: it is for whoever prepared the node to set it, and no sync gets anywhere by
 * trying again.
 */
export class SettingRefused extends Error {
	override readonly name = 'SettingRefused'
	readonly sysctl: Sysctl
	/** `EROFS`. */
	readonly code: string

	constructor(sysctl: Sysctl, code: string, cause: Error) {
		super(cause.message, {cause})
		this.sysctl = sysctl
		this.code = code
	}

	/** What went wrong with a setting: this, or the error as it is. */
	static of(sysctl: Sysctl, error: Error): Error {
		const code = 'code' in error ? String(error.code) : ''
		return NOT_ALLOWED.has(code) ? new SettingRefused(sysctl, code, error) : error
	}
}
