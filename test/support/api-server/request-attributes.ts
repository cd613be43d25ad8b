import type {IncomingMessage} from 'node:http'
import {parseFieldSelector} from './selectors.ts'

/** What a request asks for, as authorizers see it (k8s.io/apiserver pkg/endpoints/request/requestinfo.go). */
export type RequestAttributes = ResourceAttributes | PathAttributes

export interface ResourceAttributes {
	/** `list`, `deletecollection`, ... */
	readonly verb: string
	/** Empty for the core group. */
	readonly group: string
	/** With its subresource: `nodes/status`. */
	readonly resource: string
	readonly namespace: string | undefined
	readonly name: string | undefined
}

export interface PathAttributes {
	/** The method in small letters. */
	readonly verb: string
	readonly path: string
}

const RESOURCE_PATH =
	/^\/(?:api\/[^/]+|apis\/([^/]+)\/[^/]+)(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?/

export const attributesOf = ({
	method = 'GET',
	url = '',
}: Pick<IncomingMessage, 'method' | 'url'>): RequestAttributes => {
	const {pathname: path, searchParams: query} = new URL(url, 'https://double')
	const found = RESOURCE_PATH.exec(path)
	if (!found) {
		return {verb: method.toLowerCase(), path}
	}
	const [, group = '', namespace, plural = '', inPath, subresource] = found
	const verb = verbOf(method, inPath !== undefined, query)
	return {
		verb,
		group,
		resource: subresource === undefined ? plural : `${plural}/${subresource}`,
		namespace,
		name: inPath ?? (OF_MANY.has(verb) ? nameSelectedBy(query) : undefined),
	}
}

const OF_MANY: ReadonlySet<string> = new Set(['list', 'watch', 'deletecollection'])

const verbOf = (method: string, hasName: boolean, query: URLSearchParams): string => {
	switch (method) {
		case 'POST':
			return 'create'
		case 'PUT':
			return 'update'
		case 'PATCH':
			return 'patch'
		case 'DELETE':
			return hasName ? 'delete' : 'deletecollection'
		default:
			return hasName ? 'get' : /^(true|1)$/.test(query.get('watch') ?? '') ? 'watch' : 'list'
	}
}

/** A list of one object by its name is a request for that object. */
const nameSelectedBy = (query: URLSearchParams): string | undefined => {
	const selector = query.get('fieldSelector') ?? ''
	// Throws for what is no selector.
	parseFieldSelector(selector)
	return /(?:^|,)metadata\.name==?([^,]+)/.exec(selector)?.[1]
}
