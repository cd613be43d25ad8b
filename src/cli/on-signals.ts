import {constants} from 'node:os'
import type {Clock} from '../clock.ts'

const ENDING = ['SIGTERM', 'SIGINT'] as const

type Ending = (typeof ENDING)[number]

/** Ctrl-C below a program that passes it on comes twice. */
const SAME_MILLISECONDS = 500

export interface SignalParts {
	/** `process` */
	readonly process: {
		readonly on: (signal: Ending, listener: (signal: Ending) => void) => unknown
		readonly exit: (code: number) => unknown
	}
	readonly clock: Pick<Clock, 'now'>
	/** Begin to end in good order. */
	readonly end: (signal: Ending) => void
}

/**
 * The first SIGTERM or SIGINT ends in good order, a further one at once, with the exit code that shells use. They are
 * always heard: where nobody listens any more, a signal that meets a running program would end this process, too.
 */
export const onSignals = ({process, clock, end}: SignalParts): void => {
	let first: number | undefined
	const hear = (signal: Ending): void => {
		if (first === undefined) {
			first = clock.now()
			end(signal)
		} else if (clock.now() - first >= SAME_MILLISECONDS) {
			process.exit(128 + constants.signals[signal])
		}
	}
	for (const signal of ENDING) {
		process.on(signal, hear)
	}
}
