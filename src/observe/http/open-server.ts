import {createServer, type RequestListener} from 'node:http'
import {pipeline} from 'node:stream/promises'
import type {Address} from '../../net/address.ts'
import type {SocketAddress} from '../../net/socket-address.ts'
import type {Answer, Answerer} from './answer.ts'

/** A server that listens. */
export interface HttpServer {
	/** At once: the port is free when this returns. */
	readonly close: () => void
}

/** One attempt to listen; `[::]` means IPv6 alone where `isIPv6Only`, else both families. Rejects with the system's error. */
export type OpenServer = (
	where: SocketAddress & {readonly isIPv6Only?: boolean},
	answer: Answerer,
) => Promise<HttpServer>

/** In every answer: by this a kube-proxy on the same ports is told apart from us. */
export const SERVER_NAME = 'kube-lvs'

/** Probes are short; who is slow must not hold what others need. */
const LIMITS = {requestTimeout: 10_000, headersTimeout: 10_000, connectionsCheckingInterval: 5000} as const
const MAX_CONNECTIONS = 1000

/** Answers whatever the method, as kube-proxy's servers do. */
export const openServer: OpenServer = async ({address, port, isIPv6Only = false}, answer) => {
	const server = createServer(LIMITS, listenerOf(answer))
	server.maxConnections = MAX_CONNECTIONS
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject)
		server.listen({host: address, port, ipv6Only: isIPv6Only}, resolve)
	})
	// Once it listens, an error is that of one connection that could not be taken.
	server.removeAllListeners('error').on('error', () => undefined)
	return {
		close: () => {
			server.close()
			server.closeAllConnections()
		},
	}
}

/**
 * 0.0.0.0 means both families where the node has IPv6, as it does in kube-proxy (a server in Go): the kubelet and load
 * balancers ask a node by its first address, which may be of IPv6.
 */
export const onBothFamilies =
	(open: OpenServer): OpenServer =>
	async (where, answer) => {
		if (where.address !== '0.0.0.0') {
			return open(where, answer)
		}
		try {
			return await open({...where, address: '::' as Address}, answer)
		} catch (error) {
			if (NO_IPV6.has(String((error as NodeJS.ErrnoException).code))) {
				return open(where, answer)
			}
			throw error
		}
	}

/** Of a kernel that has no IPv6, or has it switched off. */
const NO_IPV6: ReadonlySet<string> = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL'])

const listenerOf =
	(answer: Answerer): RequestListener =>
	async (request, response) => {
		request.resume()
		response.setHeader('Server', SERVER_NAME)
		try {
			const path = (request.url ?? '').split('?')[0] ?? ''
			const {status, headers, body, more}: Answer = (await answer(path)) ?? NOT_FOUND
			response.writeHead(status, headers)
			// As fast as it is read, and no further when its reader is gone.
			await (more ? pipeline(both(body, more), response) : response.end(body))
		} catch (error) {
			response.headersSent
				? response.destroy()
				: response.writeHead(500, {'Content-Type': 'text/plain'}).end(String(error))
		}
	}

function* both(body: string, more: Iterable<string>): Generator<string> {
	yield body
	yield* more
}

const NOT_FOUND = {status: 404, headers: {'Content-Type': 'text/plain'}, body: 'not found\n'} as const
