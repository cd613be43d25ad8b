import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFile, rm} from 'node:fs/promises'
import type {Readable} from 'node:stream'
import {UML_BINARY} from './choose.ts'
import type {ExitCode, Job, Running} from './kernel.ts'
import {lastLines} from './last-lines.ts'
import {bySignal} from './netns.ts'
import {quietestCpu} from './quietest-cpu.ts'
import {makeRunFolder, umlArguments, umlEnvironment} from './uml-run-folder.ts'

/** The streams of the guest's consoles, by file descriptor: 0 kernel log, 1 the command's stdout, 2 its stderr. */
const CONSOLES = {log: 3, stdout: 4, stderr: 5} as const

/** Beside the guest waits a shell on fd 6, which ends when we do, even by SIGKILL: then it takes all of the group along. */
const START = '(read _ <&6; kill -KILL 0) >/dev/null 2>&1 3>&- 4>&- 5>&- & exec "$0" "$@" 6>&-'

export const startInUml = async (job: Job): Promise<Running> => {
	const folder = await makeRunFolder(job)
	const onOneCpu = ['taskset', '-c', String(quietestCpu())]
	const guest = spawn('sh', ['-c', START, ...onOneCpu, UML_BINARY, ...umlArguments(folder, CONSOLES)], {
		stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
		env: await umlEnvironment(folder),
		detached: true, // a process group of its own: a guest is many processes, and Ctrl-C is ours to handle
	})
	const log = lastLines([1, 2, CONSOLES.log].map(fd => stream(guest, fd)))
	stream(guest, CONSOLES.stdout).pipe(process.stdout, {end: false})
	stream(guest, CONSOLES.stderr).pipe(process.stderr, {end: false})
	let killedBy: NodeJS.Signals | undefined
	const kill = (signal: NodeJS.Signals): void => {
		killedBy ??= signal
		killGroup(guest)
	}
	const end = async (): Promise<ExitCode> => {
		const closed = once(guest, 'close') // all output has been read; it may follow the exit at once
		await once(guest, 'exit')
		killGroup(guest) // the waiting shell, and what a kernel that crashed leaves behind
		await closed
		const status = await readFile(`${folder}/status`, 'utf8').catch(() => undefined)
		await rm(folder, {recursive: true, force: true})
		if (killedBy !== undefined) return bySignal(killedBy)
		if (status !== undefined) return Number(status)
		throw new Error(`User-mode Linux ended without the command's status. Its last words:\n${log()}`)
	}
	return {exited: end(), kill}
}

const stream = (guest: ChildProcess, fd: number): Readable => guest.stdio[fd] as Readable

const killGroup = (guest: ChildProcess): void => {
	try {
		if (guest.pid !== undefined) process.kill(-guest.pid, 'SIGKILL')
	} catch {
		// All gone already.
	}
}
