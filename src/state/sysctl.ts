/** One kernel setting: a path below /proc/sys, or a whole one, and its text without the newline. */
export interface Sysctl {
	readonly path: string
	readonly value: string
	/** A larger number is as good. */
	readonly isMinimum?: boolean
	/** What does not work without it, for the message when it cannot be set. */
	readonly why: string
}
