import {destination, type Logger, pino} from 'pino'

/** JSON lines, written at once, so that nothing is lost when the process is killed. */
export const createLog = (level: string, fd: 1 | 2): Logger =>
	pino(
		{level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: {level: label => ({level: label})}},
		destination({fd, sync: true}),
	)
