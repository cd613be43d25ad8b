import {once} from 'node:events'
import {fileURLToPath} from 'node:url'
import type {Host} from './hosts.ts'
import type {Topology} from './topology.ts'

const SCRIPT = fileURLToPath(new URL('echo.pl', import.meta.url))

export interface EchoOptions {
	readonly ports: readonly number[]
	/** What it calls itself in answers; the host's name if not given. */
	readonly name?: string
	/** Where it listens; every address if not given. Needed for UDP on hosts with several addresses. */
	readonly addresses?: readonly string[]
}

export interface EchoServer {
	/** Killed as a crash would: listening sockets and connections are gone. */
	readonly stop: () => Promise<void>
	/** As a well-behaved server ends: no new connections, each open one is closed after its next answer. */
	readonly finish: () => Promise<void>
}

/** An echo server for TCP, UDP and SCTP in both families; it listens when this resolves. */
export const startEcho = async (topology: Topology, host: Host, options: EchoOptions): Promise<EchoServer> => {
	const {ports, name = host.name, addresses = ['0.0.0.0', '::']} = options
	const server = topology.spawn(host, 'perl', [SCRIPT, name, addresses.join(','), ...ports.map(String)])
	const ended = server.then(({stderr}) => Promise.reject(new Error(`echo server on ${host.name} ended: ${stderr}`)))
	await Promise.race([once(server.stdout, 'data'), ended])
	ended.catch(() => undefined) // from here on its end is no news
	const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
		server.kill(signal)
		await server
	}
	return {stop: () => end('SIGKILL'), finish: () => end('SIGTERM')}
}
