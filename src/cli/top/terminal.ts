import type {Size} from './draw.ts'

/** A terminal that is drawn on and listened to. */
export interface Terminal {
	readonly size: () => Size
	readonly write: (text: string) => void
	/** What is typed, and that the size has changed. */
	readonly listen: (onInput: (text: string) => void, onResize: () => void) => void
	/** As it was before. */
	readonly close: () => void
}

/** ECMA-48, and xterm's other screen, so that what stood there before comes back. */
const [OTHER_SCREEN, FORMER_SCREEN] = ['\u001b[?1049h\u001b[?25l', '\u001b[?25h\u001b[?1049l']
const [HOME, ERASE_LINE, REVERSE, PLAIN] = ['\u001b[H', '\u001b[K', '\u001b[7m', '\u001b[0m']

/** Lines for a whole screen, one of them in reverse; each is erased before it is written: the last column stays then. */
export const screenText = (lines: readonly string[], reversed: number): string =>
	HOME +
	lines.map((line, at) => (at === reversed ? REVERSE + ERASE_LINE + line + PLAIN : ERASE_LINE + line)).join('\r\n')

/** That of this process. */
export const openTerminal = (): Terminal => {
	const {stdin, stdout} = process
	const listeners: (() => void)[] = []
	stdout.write(OTHER_SCREEN)
	return {
		size: () => ({columns: stdout.columns || 80, rows: stdout.rows || 24}),
		write: text => void stdout.write(text),
		listen: (onInput, onResize) => {
			stdout.on('resize', onResize)
			listeners.push(() => stdout.off('resize', onResize))
			if (stdin.isTTY) {
				stdin.setRawMode(true).setEncoding('utf8').on('data', onInput)
				listeners.push(() => stdin.off('data', onInput).setRawMode(false).pause())
			}
		},
		close: () => {
			for (const stop of listeners.splice(0)) {
				stop()
			}
			stdout.write(FORMER_SCREEN)
		},
	}
}
