import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {constants} from 'node:os'
import {fileURLToPath} from 'node:url'
import type {ExitCode, Job, Running} from './kernel.ts'

const ENTER = fileURLToPath(new URL('netns-enter.sh', import.meta.url))
const UNSHARE = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']

/** A process namespace as well: when the command ends or is killed, no echo server it started lives on. */
export const startInNetns = async ({command, cwd, env}: Job): Promise<Running> => {
	const child = spawn('unshare', [...UNSHARE, 'sh', ENTER, ...command], {
		cwd,
		env,
		stdio: ['ignore', 'inherit', 'inherit'],
	})
	let killedBy: NodeJS.Signals | undefined
	const kill = (signal: NodeJS.Signals): void => {
		killedBy ??= signal
		child.kill('SIGKILL')
	}
	const exited = once(child, 'exit').then(([code, signal]): ExitCode => code ?? bySignal(killedBy ?? signal))
	return {exited, kill}
}

export const bySignal = (signal: NodeJS.Signals): ExitCode => 128 + constants.signals[signal]
