import type {ServerResponse} from 'node:http'
import type {ApiRequest} from './api-request.ts'
import {OpenWatch, type WatchContext} from './open-watch.ts'
import {makeStatus, sendJson, sendStatus, TOO_LARGE} from './status.ts'

export interface WatchServing extends WatchContext {
	readonly watches: Set<OpenWatch>
	/** A real server tells an expired version in the stream, or (seldom) as the status of the answer. */
	expiredAs: 'event' | 'status'
}

export const serveWatch = (context: WatchServing, request: ApiRequest, response: ServerResponse): void => {
	const version = Number(request.query.get('resourceVersion') || 0)
	if (version > context.history.version) {
		sendJson(response, 504, TOO_LARGE)
		return
	}
	if (version !== 0 && version < context.history.oldest) {
		sendExpired(context, version, response)
		return
	}
	const watch = new OpenWatch(context, request, response)
	context.watches.add(watch)
	response.on('close', () => context.watches.delete(watch))
	watch.start(version)
}

const sendExpired = (context: WatchServing, version: number, response: ServerResponse): void => {
	const message = `too old resource version: ${version} (${context.history.oldest})`
	if (context.expiredAs === 'status') {
		sendStatus(response, 410, message)
		return
	}
	response.writeHead(200, {'content-type': 'application/json'})
	response.end(`${JSON.stringify({type: 'ERROR', object: makeStatus(410, message)})}\n`)
}
