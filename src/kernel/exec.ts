import {execa} from 'execa'
import type {ExecDoor} from './doors.ts'

/** Exit code of a program that cannot be found, as shells have it. */
const NOT_FOUND = 127

/** Exit code of a program that took too long, as timeout(1) has it. */
const TIMED_OUT = 124
const TIMEOUT_MILLISECONDS = 60_000

export const systemExec: ExecDoor = {
	run: async (program, args, stdin) => {
		const result = await execa(program, args, {
			input: stdin ?? '',
			reject: false,
			stripFinalNewline: false,
			maxBuffer: 1 << 30,
			timeout: TIMEOUT_MILLISECONDS,
			killSignal: 'SIGKILL',
			// A signal to us lets the sync under way end, and with it its programs.
			cleanup: false,
			// Whatever the node's locale is, the words that are looked for stay English.
			env: {LC_ALL: 'C'},
		})
		const exitCode = result.code === 'ENOENT' ? NOT_FOUND : result.timedOut ? TIMED_OUT : (result.exitCode ?? 1)
		return {exitCode, stdout: result.stdout, stderr: result.stderr || (result.shortMessage ?? '')}
	},
}
