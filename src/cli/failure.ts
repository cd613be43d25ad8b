/** Ends a command: the message goes to stderr, the code is the process's. */
export class Failure extends Error {
	override readonly name = 'Failure'
	readonly exitCode: number

	constructor(message: string, exitCode = 1) {
		super(message)
		this.exitCode = exitCode
	}
}
