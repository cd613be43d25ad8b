import {setTimeout} from 'node:timers/promises'
import {execa} from 'execa'
import {untilIdle} from './until-idle.ts'

/** A network namespace: with its own virtual servers, addresses and sets, and nobody else's. */
export interface Namespace {
	readonly name: string
	/** Runs a program in there and resolves with its output; rejects when it fails. */
	readonly run: (program: string, args: readonly string[]) => Promise<string>
	/** The ids of all processes in there. */
	readonly processes: () => Promise<readonly number[]>
}

let count = 0

/**
 * Every measurement gets a namespace of its own, because the kernel keeps deleted real servers for minutes on a list
 * that each new one has to go through. Whatever still runs in it at the end is killed, and the machine has come to rest
 * when this resolves: what takes down the namespace must not slow down the next measurement.
 */
export const inFreshNetns = async <Result>(work: (namespace: Namespace) => Promise<Result>): Promise<Result> => {
	const name = `kube-lvs-bench-${process.pid}-${count++}`
	const run = async (program: string, args: readonly string[]) =>
		(await execa('ip', ['netns', 'exec', name, program, ...args], {maxBuffer: 1 << 30})).stdout
	const processes = async () =>
		(await execa('ip', ['netns', 'pids', name])).stdout.split('\n').filter(Boolean).map(Number)
	await execa('ip', ['netns', 'add', name])
	try {
		await execa('ip', ['-n', name, 'link', 'set', 'lo', 'up'])
		return await work({name, run, processes})
	} finally {
		await killAll(processes)
		await execa('ip', ['netns', 'del', name])
		await untilIdle()
	}
}

const killAll = async (processes: Namespace['processes']): Promise<void> => {
	for (let left = await processes(); left.length > 0; left = await processes()) {
		for (const pid of left) {
			try {
				process.kill(pid, 'SIGKILL')
			} catch {
				// Gone already.
			}
		}
		await setTimeout(20)
	}
}
