/** What is wrong with one option of a line; `option` is as it is written there. */
export class OptionError extends Error {
	override readonly name = 'OptionError'

	constructor(option: string, reason: string) {
		super(`${option}: ${reason}`)
	}
}
