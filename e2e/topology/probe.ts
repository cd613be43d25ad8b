import {fileURLToPath} from 'node:url'
import type {ProbeResult, Transport} from './answer.ts'
import type {Host} from './hosts.ts'
import {takeSourcePorts} from './source-ports.ts'
import type {Topology} from './topology.ts'

const SCRIPT = fileURLToPath(new URL('probe.pl', import.meta.url))

export interface Target {
	readonly protocol?: Transport
	readonly address: string
	readonly port: number
	/** 10 s if not given: no answer is sooner seen where one is not expected, and none too late on a busy machine. */
	readonly timeoutMs?: number
}

/** Milliseconds. */
export const ANSWER_TIMEOUT = 10_000

export interface ProbeOptions extends Target {
	readonly count?: number
	/** All connections, one after the other, from this port; each from one of its own if not given. */
	readonly sourcePort?: number
}

/** Asks `count` times, over a new connection (or UDP socket) each time, one after the other, from one process. */
export const probe = async (topology: Topology, host: Host, options: ProbeOptions): Promise<readonly ProbeResult[]> => {
	const {protocol = 'tcp', address, port, count = 1, timeoutMs = ANSWER_TIMEOUT, sourcePort} = options
	const [first, step] = sourcePort === undefined ? [takeSourcePorts(count), 1] : [sourcePort, 0]
	const args = [SCRIPT, protocol, address, port, count, timeoutMs, first, step].map(String)
	const {stdout} = await topology.exec(host, 'perl', args)
	return stdout.split('\n').map(line => JSON.parse(line) as ProbeResult)
}
