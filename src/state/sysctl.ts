/** One kernel setting: a path below /proc/sys and its text without the newline. */
export interface Sysctl {
	readonly path: string
	readonly value: string
	/** What does not work without it, for the message when it cannot be set. */
	readonly why: string
}
