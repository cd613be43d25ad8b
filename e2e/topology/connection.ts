import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import type {Answer, Failure} from './answer.ts'
import type {Host} from './hosts.ts'
import type {Place} from './place.ts'
import {ANSWER_TIMEOUT, type Target} from './probe.ts'
import {takeSourcePorts} from './source-ports.ts'
import type {Topology} from './topology.ts'

const SCRIPT = fileURLToPath(new URL('connection.pl', import.meta.url))

/** One connection that stays open: shows what lives on through restarts and changes. */
export interface Connection {
	/** Throws `AskError` when the connection is closed or reset, or no answer comes in time. */
	readonly ask: () => Promise<Answer>
	readonly close: () => Promise<void>
	/** Ends it without a farewell: the kernels on its way forget it within seconds. */
	readonly reset: () => Promise<void>
}

export class AskError extends Error {
	readonly reason: string

	constructor(target: Target, reason: string) {
		super(`${target.protocol ?? 'tcp'} ${target.address} port ${target.port}: ${reason}`)
		this.reason = reason
	}
}

export const openConnection = (topology: Topology, host: Host, target: Target): Promise<Connection> =>
	openConnectionFrom(topology.at(host), target)

/** The same from anywhere. */
export const openConnectionFrom = async (place: Place, target: Target): Promise<Connection> => {
	const {protocol = 'tcp', address, port, timeoutMs = ANSWER_TIMEOUT} = target
	const client = place.spawn('perl', [SCRIPT, protocol, address, port, timeoutMs, takeSourcePorts(1)].map(String))
	const {stdin, stdout} = client
	const lines = createInterface({input: stdout})[Symbol.asyncIterator]()
	const next = async <T>(): Promise<T> => {
		const {value, done} = await lines.next()
		const result: T | Failure = done ? {error: 'closed'} : JSON.parse(value)
		if (typeof result === 'object' && result !== null && 'error' in result) throw new AskError(target, result.error)
		return result as T
	}
	await next()
	const ask = (): Promise<Answer> => {
		stdin.write('\n')
		return next()
	}
	const close = async (): Promise<void> => {
		client.kill('SIGKILL')
		await client
	}
	const reset = async (): Promise<void> => {
		stdin.end()
		await client
	}
	return {ask, close, reset}
}
