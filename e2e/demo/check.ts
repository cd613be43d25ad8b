/** Something that the demo says is not so. */
export class DemoError extends Error {
	override readonly name = 'DemoError'
}

/** Ends the demo unless it is so. Every claim on the screen has passed through here. */
export function check(isSo: boolean, otherwise: string): asserts isSo {
	if (!isSo) throw new DemoError(otherwise)
}
