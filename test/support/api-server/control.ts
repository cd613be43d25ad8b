import type {IncomingMessage, ServerResponse} from 'node:http'
import type {ApiObject} from './api-object.ts'
import type {Fault} from './faults.ts'
import {sendJson, sendStatus} from './status.ts'

/** What a test in another process may ask of the double: `POST /control`, one of these as JSON. */
export type ControlCommand =
	| {readonly put: ApiObject}
	| {readonly delete: {readonly kind: string; readonly namespace?: string; readonly name: string}}
	| {readonly fault: Fault}
	| {readonly compact: 'event' | 'status'}
	| {readonly expirePages: true}
	| {readonly clearFaults: true}
	| {readonly rewind: number}

/** The double as a test drives it. */
export interface Controlled {
	readonly put: (object: ApiObject) => number
	readonly delete: (kind: string, namespace: string | undefined, name: string) => boolean
	readonly fault: (fault: Fault) => void
	/** Those in waiting. */
	readonly clearFaults: () => void
	/** As after a restored backup: goes on counting from an older version. */
	readonly rewind: (version: number) => void
	readonly compact: (expiredAs?: 'event' | 'status') => void
	readonly expirePages: () => void
	/** For `GET /control`. */
	readonly state: () => object
}

export const serveControl = (server: Controlled, request: IncomingMessage, response: ServerResponse): boolean => {
	if (request.url !== '/control') {
		return false
	}
	if (request.method === 'GET') {
		sendJson(response, 200, server.state())
		return true
	}
	request.toArray().then(
		chunks => {
			try {
				obey(server, JSON.parse(Buffer.concat(chunks).toString('utf8')))
				sendJson(response, 200, server.state())
			} catch (error) {
				sendStatus(response, 400, String(error))
			}
		},
		() => response.destroy(),
	)
	return true
}

const obey = (server: Controlled, command: ControlCommand): void => {
	if ('put' in command) {
		server.put(command.put)
	} else if ('delete' in command) {
		server.delete(command.delete.kind, command.delete.namespace, command.delete.name)
	} else if ('fault' in command) {
		server.fault(command.fault)
	} else if ('compact' in command) {
		server.compact(command.compact)
	} else if ('expirePages' in command) {
		server.expirePages()
	} else if ('clearFaults' in command) {
		server.clearFaults()
	} else if ('rewind' in command) {
		server.rewind(command.rewind)
	} else {
		throw new Error('none of put, delete, fault, compact, expirePages, clearFaults, rewind')
	}
}
