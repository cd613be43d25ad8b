import type {IncomingMessage} from 'node:http'
import type {ApiObject} from './api-object.ts'
import type {Verb} from './faults.ts'
import {type Kind, kindServedAt} from './kinds.ts'
import {parseFieldSelector, parseLabelSelector} from './selectors.ts'

export interface ApiRequest {
	readonly verb: Verb
	readonly kind: Kind
	readonly namespace: string | undefined
	readonly name: string | undefined
	readonly query: URLSearchParams
	/** Namespace and selectors. */
	readonly matches: (object: ApiObject) => boolean
}

const PATH = /^\/(api\/v1|apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?$/

/** Undefined for what the double does not serve; throws for a selector that is none. */
export const parseRequest = ({method, url = ''}: IncomingMessage): ApiRequest | undefined => {
	const {pathname, searchParams: query} = new URL(url, 'https://double')
	const [, root = '', namespace, plural = '', name] = PATH.exec(pathname) ?? []
	const kind = kindServedAt(root, plural)
	const verb = verbOf(method, name, query)
	if (!kind || !verb) {
		return undefined
	}
	const labels = parseLabelSelector(query.get('labelSelector') ?? '')
	const fields = parseFieldSelector(query.get('fieldSelector') ?? '')
	const matches = (object: ApiObject): boolean =>
		(namespace === undefined || object.metadata.namespace === namespace) && labels(object) && fields(object)
	return {verb, kind, namespace, name, query, matches}
}

const verbOf = (method: string | undefined, name: string | undefined, query: URLSearchParams): Verb | undefined => {
	if (method === 'POST') {
		return name === undefined ? 'create' : undefined
	}
	if (method !== 'GET') {
		return undefined
	}
	if (name !== undefined) {
		return 'get'
	}
	const watch = query.get('watch')
	return watch === 'true' || watch === '1' ? 'watch' : 'list'
}
