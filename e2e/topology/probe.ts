import {fileURLToPath} from 'node:url'
import type {ProbeResult, Transport} from './answer.ts'
import type {Host} from './hosts.ts'
import type {Topology} from './topology.ts'

const SCRIPT = fileURLToPath(new URL('probe.pl', import.meta.url))

export interface Target {
	readonly protocol?: Transport
	readonly address: string
	readonly port: number
	readonly timeoutMs?: number
}

export interface ProbeOptions extends Target {
	readonly count?: number
	/** All connections, one after the other, from this port. */
	readonly sourcePort?: number
}

/** Asks `count` times, over a new connection (or UDP socket) each time, one after the other, from one process. */
export const probe = async (topology: Topology, host: Host, options: ProbeOptions): Promise<readonly ProbeResult[]> => {
	const {protocol = 'tcp', address, port, count = 1, timeoutMs = 1000, sourcePort} = options
	const source = sourcePort === undefined ? [] : [sourcePort]
	const args = [SCRIPT, protocol, address, port, count, timeoutMs, ...source].map(String)
	const {stdout} = await topology.exec(host, 'perl', args)
	return stdout.split('\n').map(line => JSON.parse(line) as ProbeResult)
}
