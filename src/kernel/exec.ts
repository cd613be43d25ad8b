import {execa} from 'execa'
import type {ExecDoor} from './doors.ts'

/** Exit code of a program that cannot be found, as shells have it. */
const NOT_FOUND = 127

export const systemExec: ExecDoor = {
	run: async (program, args, stdin) => {
		const result = await execa(program, args, {
			input: stdin ?? '',
			reject: false,
			stripFinalNewline: false,
			maxBuffer: 1 << 30,
			// Whatever the node's locale is, the words that are looked for stay English.
			env: {LC_ALL: 'C'},
		})
		const exitCode = result.code === 'ENOENT' ? NOT_FOUND : (result.exitCode ?? 1)
		return {exitCode, stdout: result.stdout, stderr: result.stderr || (result.shortMessage ?? '')}
	},
}
