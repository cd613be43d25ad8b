import {getSystemErrorName} from 'node:util'

/** The kernel said no. */
export class NetlinkError extends Error {
	override readonly name = 'NetlinkError'
	/** `ENOENT`, `EPERM`. */
	readonly code: string

	constructor(errno: number) {
		super(errnoName(errno))
		this.code = errnoName(errno)
	}
}

/** `ENOENT` for 2; `errno 523` for what has no name. */
export const errnoName = (errno: number): string => {
	try {
		return getSystemErrorName(-errno)
	} catch {
		return `errno ${errno}`
	}
}
