import {type ChildProcess, spawn} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {inContainer, readContainer} from '../../e2e/scenario/container.ts'
import {type Doors, LostReplies} from '../../src/kernel/doors.ts'
import type {NetlinkProtocol} from '../../src/kernel/netlink/constants.ts'

const PROCESS = fileURLToPath(new URL('confined-process.ts', import.meta.url))

type Ask =
	| {
			readonly kind: 'exchange'
			readonly protocol: NetlinkProtocol
			readonly datagram: Uint8Array
			readonly lastSequence: number
	  }
	| {readonly kind: 'room'; readonly protocol: NetlinkProtocol}
	| {readonly kind: 'run'; readonly program: string; readonly args: readonly string[]; readonly stdin?: string}
	| {readonly kind: 'read' | 'pieces'; readonly path: string}
	| {readonly kind: 'write'; readonly path: string; readonly text: string}

/** What the process is asked to do. */
export interface Call {
	readonly id: number
	readonly call: Ask
}

/** What it says. */
export type Answer =
	| {readonly id: number; readonly kind: 'reply'; readonly bytes: Uint8Array}
	| {readonly id: number; readonly kind: 'done'; readonly value: unknown}
	| {
			readonly id: number
			readonly kind: 'failed'
			readonly name: string
			readonly message: string
			readonly code?: string
	  }

interface Pending {
	readonly resolve: (value: unknown) => void
	readonly reject: (error: Error) => void
	readonly onReply: (bytes: Uint8Array) => void
}

/**
 * Doors in a process of their own, which has what the container of the chart has and no more, while the tests around it
 * may do anything. `listen` and our own files are no part of it.
 */
export const openConfinedDoors = (): Doors => {
	const line = new Line()
	const refuse = () => Promise.reject(new Error('not by way of a confined process'))
	return {
		netlink: {
			exchange: async (protocol, datagram, lastSequence, onReply) => {
				await line.ask({kind: 'exchange', protocol, datagram: datagram.slice(), lastSequence}, onReply)
			},
			room: async protocol => (await line.ask({kind: 'room', protocol})) as number,
			listen: refuse,
			close: () => line.close(),
		},
		exec: {run: async (program, args, stdin = '') => (await line.ask({kind: 'run', program, args, stdin})) as never},
		files: {
			read: async path => (await line.ask({kind: 'read', path})) as string | undefined,
			pieces: async function* (path) {
				yield* (await line.ask({kind: 'pieces', path})) as readonly string[]
			},
			write: async (path, text) => {
				await line.ask({kind: 'write', path, text})
			},
			replace: refuse,
			remove: refuse,
		},
	}
}

class Line {
	readonly #process: ChildProcess
	readonly #pending = new Map<number, Pending>()
	#next = 1

	constructor() {
		const [program, args] = inContainer(readContainer(), '/run/kube-lvs-contract', [process.execPath, PROCESS])
		this.#process = spawn('unshare', ['--mount', program, ...args], {
			stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
			serialization: 'advanced',
		})
		this.#process.on('message', (answer: Answer) => this.#take(answer))
		this.#process.on('exit', () => {
			for (const {reject} of this.#pending.values()) {
				reject(new Error('the confined process has ended'))
			}
		})
	}

	/** An error of `onReply` counts when the exchange is over. */
	async ask(call: Ask, onReply: (bytes: Uint8Array) => void = () => undefined): Promise<unknown> {
		const id = this.#next++
		const errors: unknown[] = []
		const value = await new Promise((resolve, reject) => {
			const hear = (bytes: Uint8Array) => {
				try {
					onReply(bytes)
				} catch (error) {
					errors.push(error)
				}
			}
			this.#pending.set(id, {resolve, reject, onReply: hear})
			this.#process.send({id, call})
		})
		if (errors.length > 0) {
			throw errors[0]
		}
		return value
	}

	close(): void {
		this.#process.disconnect()
	}

	#take(answer: Answer): void {
		const pending = this.#pending.get(answer.id)
		if (answer.kind === 'reply') {
			pending?.onReply(answer.bytes)
			return
		}
		this.#pending.delete(answer.id)
		if (answer.kind === 'done') {
			pending?.resolve(answer.value)
			return
		}
		const {name, message, code} = answer
		const error = name === 'LostReplies' ? new LostReplies(message) : new Error(message)
		pending?.reject(Object.assign(error, {name, ...(code && {code})}))
	}
}
