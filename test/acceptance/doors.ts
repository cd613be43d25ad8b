import type {Doors, ExecResult} from '../../src/kernel/doors.ts'
import {decodeMessages} from '../../src/kernel/netlink/message.ts'
import type {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {type Command, commandOf, type Errno} from '../support/fake-kernel/uapi.ts'

/** One thing that the kernel was asked. */
export type Call =
	| {readonly door: 'netlink'; readonly command: Command | undefined}
	| {readonly door: 'exec'; readonly program: string; readonly args: readonly string[]; readonly stdin: string}
	| {readonly door: 'read' | 'write'; readonly path: string}

/** It is meant to change something. */
export const isWrite = (call: Call): boolean => {
	switch (call.door) {
		case 'netlink':
			return call.command === undefined || !READING_COMMANDS.test(call.command)
		case 'exec':
			return /restore|modprobe/.test([call.program, ...call.args].join(' '))
		default:
			return call.door === 'write'
	}
}

/** A transaction of nf_tables is begun only to see whether the kernel has them. */
const READING_COMMANDS = /^(get-|begin-batch$|new-table$)/

/** Tells of every call before it is made. */
export const recordingDoors = ({netlink, exec, files}: Doors, tell: (call: Call) => void): Doors => ({
	netlink: {
		...netlink,
		exchange: (protocol, datagram, ...rest) => {
			for (const {type, payload} of decodeMessages(datagram)) {
				tell({door: 'netlink', command: commandOf(protocol, type, payload)})
			}
			return netlink.exchange(protocol, datagram, ...rest)
		},
	},
	exec: {
		run: (program, args, stdin = '') => {
			tell({door: 'exec', program, args, stdin})
			return exec.run(program, args, stdin)
		},
	},
	files: {
		...files,
		read: path => {
			tell({door: 'read', path})
			return files.read(path)
		},
		write: (path, text) => {
			tell({door: 'write', path})
			return files.write(path, text)
		},
	},
})

const ERRNOS = ['ENOMEM', 'EBUSY', 'EPERM'] as const satisfies readonly Errno[]

/**
 * Doors of a kernel where one call in ten goes wrong: requests are refused, replies get lost half-way, programs fail
 * before or after their work, files cannot be read or written.
 */
export const failingDoors = (kernel: FakeKernel, random: () => number): Doors => {
	const fails = (): boolean => random() < 0.1
	const oneOf = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)]
	const choose = () => (fails() ? oneOf(ERRNOS) : undefined)
	kernel.failNext({kind: 'request', choose}, Number.POSITIVE_INFINITY)
	const {netlink, exec, files} = kernel.doors
	return {
		netlink: {
			...netlink,
			exchange: (...call) => {
				kernel.loseReplies(random() < 0.03 ? 1 : 0)
				return netlink.exchange(...call)
			},
		},
		exec: {
			run: async (program, args, stdin) => {
				if (!fails()) {
					return exec.run(program, args, stdin)
				}
				if (random() < 0.5) {
					await exec.run(program, args, stdin)
				}
				return FAILED
			},
		},
		files: {
			...files,
			read: path => (fails() ? Promise.reject(BROKEN_FILE) : files.read(path)),
			write: (path, text) => (fails() ? Promise.reject(BROKEN_FILE) : files.write(path, text)),
		},
	}
}

const FAILED: ExecResult = {exitCode: 1, stdout: '', stderr: 'failed on demand'}
const BROKEN_FILE = Object.assign(new Error('EIO: on demand'), {code: 'EIO'})
