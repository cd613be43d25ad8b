import {type ApiStatus, readStatus} from './api-status.ts'
import {metadataText, parseJson} from './json.ts'

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
			return {type: 'bookmark', version: metadataText(object, 'resourceVersion')}
		case 'ERROR':
			return {type: 'error', status: readStatus(object, 500)}
		default:
			return {type: 'unknown'}
	}
}
