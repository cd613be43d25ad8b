import {isNamespaced, type ObjectChange, type ObjectKind} from '../model/object.ts'
import type {Problem} from '../model/problem.ts'
import {decodeChange} from './decode-change.ts'
import {DecodeError, decodeProblem} from './decode-error.ts'
import {metadataText} from './json.ts'
import type {ManifestObject} from './parse-manifest.ts'
import {HEADLESS_LABEL} from './project-endpoint-slice.ts'
import {PROXY_NAME_LABEL} from './project-service.ts'

/** One object of a file, read. */
export type ManifestEntry =
	| {readonly type: 'object'; readonly change: ObjectChange; readonly fingerprint: string; readonly at: string}
	/** It does not decode: what was known of it stays. */
	| {readonly type: 'invalid'; readonly id: string; readonly problem: Problem; readonly at: string}
	/** Of a kind that is not read; `id` names the kind. */
	| {readonly type: 'ignored'; readonly id: string; readonly problem: Problem; readonly at: string}

/** `at` is `file:line`. Nothing for what an API server would not have sent: see resource.ts. */
export const readManifestEntry = ({json}: ManifestObject, at: string): ManifestEntry | undefined => {
	const kind = kindOf(json)
	if (!kind) {
		return ignoredEntry(json, at)
	}
	if (!isSelected(kind, json)) {
		return undefined
	}
	const defaulted = withDefaults(kind, json as RawObject)
	try {
		const change = decodeChange(kind, defaulted)
		return {type: 'object', change, fingerprint: JSON.stringify(defaulted), at}
	} catch (error) {
		const problem = decodeProblem(error instanceof DecodeError ? error : new DecodeError('', String(error)))
		const id = entryId(kind, [problem.object.namespace, problem.object.name].filter(Boolean).join('/'))
		return {type: 'invalid', id, problem: {...problem, message: `${at}: ${problem.message}`}, at}
	}
}

/** Names one object among all kinds. */
export const entryId = (kind: string, key: string): string => `${kind} ${key}`

interface RawObject {
	readonly metadata?: Readonly<Record<string, unknown>> | null
	readonly ports?: unknown
}

const KINDS: Readonly<Record<string, ObjectKind>> = {
	'v1 Service': 'Service',
	'v1 Node': 'Node',
	'discovery.k8s.io/v1 EndpointSlice': 'EndpointSlice',
	'networking.k8s.io/v1 ServiceCIDR': 'ServiceCIDR',
}

/** Other groups have a `Service`, too. */
const kindNameOf = (json: unknown): string => {
	const {apiVersion, kind} = (json ?? {}) as {readonly apiVersion?: unknown; readonly kind?: unknown}
	return `${apiVersion ?? 'no apiVersion'} ${kind ?? 'no kind'}`
}

const kindOf = (json: unknown): ObjectKind | undefined => KINDS[kindNameOf(json)]

const ignoredEntry = (json: unknown, at: string): ManifestEntry => {
	const id = kindNameOf(json)
	const name = metadataText(json, 'name')
	const problem: Problem = {
		object: {kind: id.split(' ').at(-1) ?? '', namespace: metadataText(json, 'namespace'), name, uid: ''},
		field: 'kind',
		reason: 'NotSupported',
		message: `${at}: objects of ${id} are ignored; this is said once for each kind`,
	}
	return {type: 'ignored', id, problem, at}
}

const isSelected = (kind: ObjectKind, json: unknown): boolean => {
	const labels = (json as {metadata?: {labels?: Readonly<Record<string, unknown>>}}).metadata?.labels ?? {}
	switch (kind) {
		case 'Service':
			return labels[PROXY_NAME_LABEL] === undefined
		case 'EndpointSlice':
			return labels[HEADLESS_LABEL] === undefined
		case 'Node':
		case 'ServiceCIDR':
			return true
		default:
			throw kind satisfies never
	}
}

/** What an API server fills in where it matters here. */
const withDefaults = (kind: ObjectKind, json: RawObject): RawObject => {
	const {metadata, ports} = json
	if (!isNamespaced(kind) || typeof metadata !== 'object' || metadata === null) {
		return json
	}
	const located = {...json, metadata: {...metadata, namespace: metadata.namespace ?? 'default'}}
	if (kind !== 'EndpointSlice' || !Array.isArray(ports)) {
		return located
	}
	return {...located, ports: ports.map(port => (typeof port === 'object' && port ? {name: '', ...port} : port))}
}
