import type {ServerResponse} from 'node:http'
import type {ApiObject} from './api-object.ts'
import type {ApiRequest} from './api-request.ts'
import type {FaultQueue} from './faults.ts'
import type {History} from './history.ts'
import {sendJson, sendStatus, TOO_LARGE} from './status.ts'

/** Pages that are still to be fetched, by continue token. */
export type Pages = Map<string, {readonly items: readonly ApiObject[]; readonly version: number}>

export interface ListContext {
	readonly history: History
	readonly faults: FaultQueue
	readonly pages: Pages
	/** A real server ignores the limit where it answers from its cache (any resourceVersion is given). */
	readonly limitsCached: boolean
}

export const serveList = (context: ListContext, request: ApiRequest, response: ServerResponse): void => {
	const {history, faults} = context
	const token = request.query.get('continue')
	const wanted = request.query.get('resourceVersion') ?? ''
	if (Number(wanted) > history.version) {
		sendJson(response, 504, TOO_LARGE)
		return
	}
	if (token && faults.take(['expire-page'], 'list', request.kind.plural)) {
		context.pages.clear()
	}
	const source = token ? context.pages.get(token) : {items: matching(context, request), version: history.version}
	if (!source) {
		sendStatus(response, 410, 'The provided continue parameter is too old to display a consistent list result.')
		return
	}
	const limit = wanted && !context.limitsCached ? 0 : Number(request.query.get('limit') ?? 0)
	const body = JSON.stringify(takePage(context.pages, request, source, limit || source.items.length))
	if (faults.take(['cut-list'], 'list', request.kind.plural)) {
		response.writeHead(200, {'content-type': 'application/json'})
		response.write(body.slice(0, body.length / 2), () => response.destroy())
		return
	}
	response.writeHead(200, {'content-type': 'application/json'})
	response.end(body)
}

const matching = ({history}: ListContext, {kind, matches}: ApiRequest): ApiObject[] =>
	history.list(kind.kind).filter(matches)

const takePage = (
	pages: Pages,
	{kind}: ApiRequest,
	{items, version}: {readonly items: readonly ApiObject[]; readonly version: number},
	limit: number,
): object => {
	const rest = items.slice(limit)
	const token = rest.length > 0 ? `${version}-${pages.size}` : ''
	if (token) {
		pages.set(token, {items: rest, version})
	}
	return {
		kind: `${kind.kind}List`,
		apiVersion: kind.apiVersion,
		metadata: {
			resourceVersion: String(version),
			...(token ? {continue: token, remainingItemCount: rest.length} : {}),
		},
		items: items.slice(0, limit).map(({kind: _kind, apiVersion: _apiVersion, ...item}) => item),
	}
}
