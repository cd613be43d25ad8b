import {type ApiStatus, readStatus} from './api-status.ts'

/** One line of a watch. */
export type WatchEvent =
	| {readonly type: 'put'; readonly object: unknown}
	| {readonly type: 'delete'; readonly object: unknown}
	| {readonly type: 'bookmark'; readonly version: string}
	| {readonly type: 'error'; readonly status: ApiStatus}
	/** Of a later protocol: to be ignored. */
	| {readonly type: 'unknown'}
	/** No JSON, or no event. */
	| {readonly type: 'garbled'; readonly message: string}

export const parseWatchEvent = (line: string): WatchEvent => {
	const json = parseJson(line)
	const {type, object} = (json ?? {}) as {readonly type?: unknown; readonly object?: unknown}
	if (typeof type !== 'string' || typeof object !== 'object' || object === null) {
		return {type: 'garbled', message: `not a watch event: ${line.slice(0, 80)}`}
	}
	switch (type) {
		case 'ADDED':
		case 'MODIFIED':
			return {type: 'put', object}
		case 'DELETED':
			return {type: 'delete', object}
		case 'BOOKMARK':
			return {type: 'bookmark', version: versionOf(object)}
		case 'ERROR':
			return {type: 'error', status: readStatus(object, 500)}
		default:
			return {type: 'unknown'}
	}
}

/** `metadata.resourceVersion`; empty when it has none. */
export const versionOf = (object: unknown): string => metadataText(object, 'resourceVersion')

/** `metadata[key]` of any JSON value; empty when there is no such text. */
export const metadataText = (object: unknown, key: string): string => {
	const {metadata} = (object ?? {}) as {readonly metadata?: Readonly<Record<string, unknown>> | null}
	const value = metadata?.[key]
	return typeof value === 'string' ? value : ''
}

const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}
