import {randomUUID} from 'node:crypto'
import {createServer, type Server} from 'node:https'
import type {AddressInfo} from 'node:net'
import type {ApiAccess} from '../../../src/kubernetes/api-access.ts'
import type {ApiObject} from './api-object.ts'
import {makeCertificates} from './certificates.ts'
import {type Controlled, serveControl} from './control.ts'
import {FaultQueue, isSudden} from './faults.ts'
import {handleRequest, type RequestRecord, type Serving} from './handle-request.ts'
import {History} from './history.ts'
import {makeAccess, makeKubeConfig, type UserName} from './make-kube-config.ts'
import type {OpenWatch} from './open-watch.ts'
import type {Pages} from './serve-list.ts'
import {sendStatus} from './status.ts'

export interface ApiServerOptions {
	readonly objects?: readonly ApiObject[]
	/** 0, unless told: any free one. */
	readonly port?: number
	/** To listen on; 127.0.0.1 unless told. */
	readonly host?: string
	/** Further names and addresses for its certificate. */
	readonly names?: readonly string[]
	/** How it calls itself in the kubeconfig; what it listens on unless told. */
	readonly advertise?: string
	readonly bookmarkMilliseconds?: number
	/** Changes that a watch may resume from. */
	readonly historyWindow?: number
	/** Whether a list with a resourceVersion comes in pages, as of Kubernetes 1.34; earlier servers send it in one piece. */
	readonly limitsCached?: boolean
}

export interface ApiServer extends Controlled {
	readonly url: string
	readonly port: number
	/** A kubeconfig, as an object; JSON is YAML. */
	readonly kubeConfig: (user?: UserName) => object
	/** The same without a kubeconfig. */
	readonly access: (user?: UserName) => ApiAccess
	readonly requests: readonly RequestRecord[]
	readonly openWatches: () => number
	/** TLS connections accepted so far. */
	readonly connections: () => number
	/** Events that were created, oldest first. */
	readonly events: () => readonly ApiObject[]
	readonly list: (kind: string) => readonly ApiObject[]
	/** Sends a bookmark on each open watch now. */
	readonly bookmark: () => void
	readonly close: () => Promise<void>
}

/** A double of an API server that speaks the real protocol over TLS. */
export const startApiServer = async (options: ApiServerOptions = {}): Promise<ApiServer> => {
	const {host = '127.0.0.1', port = 0} = options
	const certificates = await makeCertificates(['127.0.0.1', '::1', 'localhost', host, ...(options.names ?? [])])
	const {serving, control} = createServing(options)
	const server = createServer(
		{
			...certificates.server,
			ca: certificates.ca,
			requestCert: true,
			rejectUnauthorized: false,
			keepAliveTimeout: 60_000,
		},
		(request, response) => {
			handleRequest(serving, request, response).catch(error => sendStatus(response, 400, String(error)))
		},
	)
	await new Promise<void>((resolve, reject) => {
		server.on('error', reject)
		server.listen(port, host, resolve)
	})
	let connections = 0
	server.on('secureConnection', () => {
		connections += 1
	})
	const address = server.address() as AddressInfo
	const advertised = options.advertise ?? host
	const url = `https://${advertised.includes(':') ? `[${advertised}]` : advertised}:${address.port}`
	const {history, token, requests, watches} = serving
	return {
		...control,
		url,
		port: address.port,
		requests,
		kubeConfig: (user = 'token') => makeKubeConfig({url, token, certificates}, user),
		access: (user = 'token') => makeAccess({url, token, certificates}, user),
		openWatches: () => watches.size,
		connections: () => connections,
		events: () => history.list('Event').sort((a, b) => versionOf(a) - versionOf(b)),
		list: kind => history.list(kind),
		bookmark: () => [...watches].forEach(watch => void watch.bookmark()),
		close: () => closeServer(server, watches),
	}
}

const versionOf = (object: ApiObject): number => Number(object.metadata.resourceVersion)

const createServing = (options: ApiServerOptions): {readonly serving: Serving; readonly control: Controlled} => {
	const history = new History(options.historyWindow ?? 10_000)
	const faults = new FaultQueue()
	const watches = new Set<OpenWatch>()
	const pages: Pages = new Map()
	const requests: RequestRecord[] = []
	let expiredAs: 'event' | 'status' = 'event'
	for (const object of options.objects ?? []) {
		history.put(object)
	}
	const control: Controlled = {
		put: object => history.put(object),
		delete: (kind, namespace, name) => history.delete(kind, namespace, name),
		fault: fault => {
			if (!isSudden(fault)) {
				return faults.add(fault)
			}
			for (const watch of watches) {
				if ((fault.resource ?? watch.resource) === watch.resource) {
					watch.suffer(fault)
				}
			}
		},
		compact: (as = 'event') => {
			expiredAs = as
			history.compact()
		},
		clearFaults: () => faults.clear(),
		rewind: version => history.rewind(version),
		expirePages: () => pages.clear(),
		state: () => ({version: history.version, watches: watches.size, requests, events: history.list('Event')}),
	}
	const serving: Serving = {
		history,
		faults,
		watches,
		pages,
		requests,
		token: randomUUID(),
		limitsCached: options.limitsCached ?? true,
		bookmarkMilliseconds: options.bookmarkMilliseconds ?? 60_000,
		expiredAs: () => expiredAs,
		control: (request, response) => serveControl(control, request, response),
	}
	return {serving, control}
}

const closeServer = async (server: Server, watches: Set<OpenWatch>): Promise<void> => {
	for (const watch of watches) {
		watch.suffer({fault: 'drop'})
	}
	await new Promise(resolve => {
		server.close(resolve)
		server.closeAllConnections()
	})
}
