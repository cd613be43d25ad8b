import {createServer, type Server} from 'node:https'
import type {AddressInfo} from 'node:net'
import type {ApiAccess} from '../../../src/kubernetes/api-access.ts'
import type {ApiObject} from './api-object.ts'
import type {ApiServerOptions} from './api-server-options.ts'
import {type Certificates, makeCertificates} from './certificates.ts'
import type {Controlled} from './control.ts'
import {createServing} from './create-serving.ts'
import {handleRequest, type RequestRecord, type Serving} from './handle-request.ts'
import {makeAccess, makeKubeConfig, type UserName} from './make-kube-config.ts'
import type {OpenWatch} from './open-watch.ts'
import {sendStatus} from './status.ts'

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
	const server = await listen(serving, certificates, {host, port})
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

const listen = async (
	serving: Serving,
	{server: pair, ca}: Certificates,
	{host, port}: {readonly host: string; readonly port: number},
): Promise<Server> => {
	const options = {...pair, ca, requestCert: true, rejectUnauthorized: false, keepAliveTimeout: 60_000}
	const server = createServer(options, (request, response) => {
		handleRequest(serving, request, response).catch(error => sendStatus(response, 400, String(error)))
	})
	await new Promise<void>((resolve, reject) => {
		server.on('error', reject)
		server.listen(port, host, resolve)
	})
	return server
}

const versionOf = (object: ApiObject): number => Number(object.metadata.resourceVersion)

const closeServer = async (server: Server, watches: Set<OpenWatch>): Promise<void> => {
	for (const watch of watches) {
		watch.suffer({fault: 'drop'})
	}
	await new Promise(resolve => {
		server.close(resolve)
		server.closeAllConnections()
	})
}
