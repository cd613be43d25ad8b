import {destination, type Logger, pino} from 'pino'

/** JSON lines on stdout, written at once, so that nothing is lost when the process is killed. */
export const createLog = (level: string): Logger =>
	pino(
		{level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: {level: label => ({level: label})}},
		destination({fd: 1, sync: true}),
	)
