import type {IncomingMessage, ServerResponse} from 'node:http'
import {setTimeout as sleep} from 'node:timers/promises'
import type {TLSSocket} from 'node:tls'
import type {ApiObject} from './api-object.ts'
import {type ApiRequest, parseRequest} from './api-request.ts'
import {checkEvent} from './check-event.ts'
import {attributesOf, type RequestAttributes, type ResourceAttributes} from './request-attributes.ts'
import {formatRight, type Role, refuse} from './role.ts'
import {type ListContext, serveList} from './serve-list.ts'
import {serveWatch, type WatchServing} from './serve-watch.ts'
import {makeStatus, sendJson, sendStatus} from './status.ts'

export interface RequestRecord {
	readonly method: string
	readonly path: string
	/** `list`, `watch`, ...; empty for what is no resource. */
	readonly verb: string
	readonly resource: string
	/** That it needs: `list endpointslices.discovery.k8s.io`. */
	readonly right: string
	readonly query: Readonly<Record<string, string>>
}

export interface Serving extends ListContext, WatchServing {
	readonly token: string
	readonly requests: RequestRecord[]
	/** What whoever asks may do; everything where it is not said. */
	readonly role?: Role | undefined
	/** Answers what belongs to the double itself; false for all else. */
	readonly control: (request: IncomingMessage, response: ServerResponse) => boolean
}

/** One request from its credentials to its answer, with the faults in between. */
export const handleRequest = async (context: Serving, message: IncomingMessage, response: ServerResponse) => {
	if (!isAuthenticated(context, message)) {
		return sendStatus(response, 401, 'Unauthorized')
	}
	if (context.control(message, response)) {
		return
	}
	const request = parseRequest(message)
	const attributes = attributesOf(message)
	record(context, message, request, attributes)
	const refusal = context.role && refuse(context.role, attributes)
	if (refusal !== undefined) {
		return sendForbidden(response, refusal, attributes)
	}
	if (!request) {
		return serveOther(message, response)
	}
	if (await meetFault(context, request, response)) {
		return
	}
	switch (request.verb) {
		case 'list':
			return serveList(context, request, response)
		case 'watch':
			return serveWatch(context, request, response)
		case 'get':
			return serveGet(context, request, response)
		case 'create':
			return serveCreate(context, request, message, response)
		default:
			throw request.verb satisfies never
	}
}

const isAuthenticated = ({token}: Serving, {socket, headers}: IncomingMessage): boolean =>
	(socket as TLSSocket).authorized || headers.authorization === `Bearer ${token}`

const sendForbidden = (response: ServerResponse, message: string, attributes: RequestAttributes): void => {
	const {name, group, resource: kind} = 'path' in attributes ? ({} as Partial<ResourceAttributes>) : attributes
	sendJson(response, 403, makeStatus(403, message, {name, group: group || undefined, kind}))
}

const record = (
	{requests}: Serving,
	message: IncomingMessage,
	request: ApiRequest | undefined,
	attributes: RequestAttributes,
): void => {
	requests.push({
		method: message.method ?? '',
		path: new URL(message.url ?? '', 'https://double').pathname,
		verb: request?.verb ?? '',
		resource: request?.kind.plural ?? '',
		right: formatRight(attributes),
		query: Object.fromEntries(request?.query ?? []),
	})
}

/** Whether the request ends with the fault. */
const meetFault = async ({faults}: Serving, {verb, kind}: ApiRequest, response: ServerResponse): Promise<boolean> => {
	const fault = faults.take(['status', 'reset', 'slow'], verb, kind.plural)
	switch (fault?.fault) {
		case 'status':
			if (fault.retryAfterSeconds !== undefined) {
				response.setHeader('retry-after', String(fault.retryAfterSeconds))
			}
			sendStatus(response, fault.code, 'a failure on demand')
			return true
		case 'reset':
			response.socket?.destroy()
			return true
		case 'slow':
			await sleep(fault.milliseconds)
			return response.destroyed
		default:
			return false
	}
}

const serveGet = ({history}: Serving, {kind, namespace, name = ''}: ApiRequest, response: ServerResponse): void => {
	const object = history.get(kind.kind, namespace, name)
	if (!object) {
		sendStatus(response, 404, `${kind.plural} "${name}" not found`)
		return
	}
	sendJson(response, 200, {apiVersion: kind.apiVersion, ...object})
}

const serveCreate = async (
	{history}: Serving,
	{kind, namespace}: ApiRequest,
	message: IncomingMessage,
	response: ServerResponse,
): Promise<void> => {
	const object: ApiObject = JSON.parse(Buffer.concat(await message.toArray()).toString('utf8'))
	const wrong = kind.kind === 'Event' ? checkEvent(object, namespace) : 'only Events are created over HTTP'
	if (wrong) {
		return sendStatus(response, 422, `Event is invalid: ${wrong}`)
	}
	if (history.get(kind.kind, namespace, object.metadata.name)) {
		return sendStatus(response, 409, `events "${object.metadata.name}" already exists`)
	}
	history.put(object)
	sendJson(response, 201, object)
}

const serveOther = ({url}: IncomingMessage, response: ServerResponse): void => {
	if (url === '/version') {
		sendJson(response, 200, {major: '1', minor: '36', gitVersion: 'v1.36.0-double'})
		return
	}
	sendStatus(response, 404, 'the server could not find the requested resource')
}
