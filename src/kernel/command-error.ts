/** A program said no; its words are all there is to tell why. */
export class CommandError extends Error {
	override readonly name = 'CommandError'
	/** `EXIT 1`. */
	readonly code: string

	constructor(command: string, exitCode: number, stderr: string) {
		super(`${command}: ${exitCode === 127 ? 'program not found' : stderr.trim() || `exit code ${exitCode}`}`)
		this.code = `EXIT ${exitCode}`
	}
}
