import {createServer, type RequestListener} from 'node:http'
import type {SocketAddress} from '../../net/socket-address.ts'
import type {Answerer} from './answer.ts'

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

const listenerOf =
	(answer: Answerer): RequestListener =>
	async (request, response) => {
		request.resume()
		response.setHeader('Server', SERVER_NAME)
		try {
			const path = (request.url ?? '').split('?')[0] ?? ''
			const {status, headers, body} = (await answer(path)) ?? NOT_FOUND
			response.writeHead(status, headers).end(body)
		} catch (error) {
			response.writeHead(500, {'Content-Type': 'text/plain'}).end(String(error))
		}
	}

const NOT_FOUND = {status: 404, headers: {'Content-Type': 'text/plain'}, body: 'not found\n'} as const
