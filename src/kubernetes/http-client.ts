import http, {type ClientRequest, type IncomingMessage} from 'node:http'
import https from 'node:https'
import type {Socket} from 'node:net'
import type {Clock} from '../clock.ts'
import type {ApiAccess, ApiCredentials} from './api-access.ts'
import type {Http, HttpOptions, HttpResponse} from './http.ts'

export interface HttpClientOptions {
	readonly access: ApiAccess
	readonly clock: Clock
	/** TCP and TLS together. */
	readonly connectMilliseconds?: number
	/** From the request to the first line of the answer. */
	readonly headerMilliseconds?: number
}

export interface HttpClient extends Http {
	/** Gives its idle connections back; those in use end with their requests. */
	readonly close: () => void
}

/** How soon TCP itself asks a silent peer whether it is there. */
const KEEP_ALIVE_MILLISECONDS = 30_000

/** Requests to the first API server that serves; after one that it did not serve the next request goes to the next one. */
export const createHttpClient = (options: HttpClientOptions): HttpClient => {
	const {access, clock, connectMilliseconds = 10_000, headerMilliseconds = 30_000} = options
	const agents = {
		'https:': new https.Agent({keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MILLISECONDS}),
		'http:': new http.Agent({keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MILLISECONDS}),
	}
	let turn = 0
	const send = async (url: URL, credentials: ApiCredentials, call: HttpOptions): Promise<HttpResponse> => {
		const request = openRequest(url, credentials, call, agents[url.protocol as keyof typeof agents])
		const timers = {clock, connectMilliseconds, headerMilliseconds}
		try {
			return toResponse(await answerOf(request, timers))
		} catch (error) {
			// The server had closed an idle connection just then: not a failure of this request.
			if (request.reusedSocket && (call.method ?? 'GET') === 'GET' && !call.signal.aborted && isReset(error)) {
				return send(url, credentials, call)
			}
			throw error
		}
	}
	const request = async (path: string, call: HttpOptions): Promise<HttpResponse> => {
		const credentials = await access.credentials()
		const asked = turn
		const server = access.servers[asked % access.servers.length]
		/** Once, however many requests have failed there together. */
		const goOn = () => {
			turn = Math.max(turn, asked + 1)
		}
		try {
			const response = await send(new URL(`${server}${path}`), credentials, call)
			if (response.status === 401) {
				access.forget()
			}
			if (response.status >= 500) {
				goOn()
			}
			return response
		} catch (error) {
			call.signal.aborted || goOn()
			throw error
		}
	}
	const close = () => {
		agents['https:'].destroy()
		agents['http:'].destroy()
	}
	return {request, close}
}

const openRequest = (url: URL, credentials: ApiCredentials, call: HttpOptions, agent: http.Agent): ClientRequest => {
	const {signal, method = 'GET', body} = call
	const open = url.protocol === 'http:' ? http.request : https.request
	const request = open(url, {
		...credentials.tls,
		agent: credentials.agent ?? agent,
		method,
		signal,
		headers: {
			...credentials.headers,
			accept: 'application/json',
			'user-agent': 'kube-lvs',
			...(body === undefined ? {} : {'content-type': 'application/json', 'content-length': Buffer.byteLength(body)}),
		},
	})
	request.end(body)
	return request
}

interface Timers {
	readonly clock: Clock
	readonly connectMilliseconds: number
	readonly headerMilliseconds: number
}

const answerOf = (request: ClientRequest, timers: Timers): Promise<IncomingMessage> => {
	const {clock, connectMilliseconds, headerMilliseconds} = timers
	const giveUp = (what: string, milliseconds: number) =>
		clock.after(milliseconds, () => request.destroy(new Error(`${what} within ${milliseconds / 1000} s`)))
	let cancel = giveUp('no connection', connectMilliseconds)
	const connected = () => {
		cancel()
		cancel = giveUp('no answer', headerMilliseconds)
	}
	request.on('socket', (socket: Socket) => {
		socket.setKeepAlive(true, KEEP_ALIVE_MILLISECONDS)
		if (request.reusedSocket) {
			connected()
		} else {
			socket.once(request.protocol === 'https:' ? 'secureConnect' : 'connect', connected)
		}
	})
	return new Promise<IncomingMessage>((resolve, reject) => {
		request.on('response', resolve)
		request.on('error', reject)
	}).finally(() => cancel())
}

const toResponse = (message: IncomingMessage): HttpResponse => ({
	status: message.statusCode ?? 0,
	headers: Object.fromEntries(
		Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
	),
	body: message,
})

const isReset = (error: unknown): boolean => {
	const code = (error as NodeJS.ErrnoException).code
	return code === 'ECONNRESET' || code === 'EPIPE'
}
