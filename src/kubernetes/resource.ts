import type {ObjectKind} from '../model/object.ts'
import {HEADLESS_LABEL} from './project-endpoint-slice.ts'
import {PROXY_NAME_LABEL} from './project-service.ts'

/** What to list and watch. The selectors are applied by the API server: an object that leaves them arrives as a deletion. */
export interface Resource {
	readonly kind: ObjectKind
	readonly path: string
	readonly labelSelector?: string
	readonly fieldSelector?: string
	/** Where the API server does not know it (404), or does not let us (403), there is nothing of it. */
	readonly isOptional?: true
}

/** Headless Services and those of another proxy are not sent at all. */
export const SERVICES: Resource = {
	kind: 'Service',
	path: '/api/v1/services',
	labelSelector: `!${PROXY_NAME_LABEL}`,
	fieldSelector: 'spec.clusterIP!=None',
}

export const ENDPOINT_SLICES: Resource = {
	kind: 'EndpointSlice',
	path: '/apis/discovery.k8s.io/v1/endpointslices',
	labelSelector: `!${HEADLESS_LABEL}`,
}

export const NODES: Resource = {kind: 'Node', path: '/api/v1/nodes'}

/** That Node alone. */
export const nodeResource = (nodeName: string): Resource => ({
	...NODES,
	fieldSelector: `metadata.name=${nodeName}`,
})

/** API servers before 1.33 do not have it. */
export const SERVICE_CIDRS: Resource = {
	kind: 'ServiceCIDR',
	path: '/apis/networking.k8s.io/v1/servicecidrs',
	isOptional: true,
}

export interface ListQuery {
	/** Empty: the newest state, asked of etcd; `0`: any state that the server has at hand; else at least this version. */
	readonly version: string
	/** Of the page before; empty for the first page. */
	readonly continueToken: string
	/** 0: everything in one piece. */
	readonly limit: number
}

export const listPath = (resource: Resource, {version, continueToken, limit}: ListQuery): string =>
	withQuery(resource, [
		['limit', limit ? String(limit) : ''],
		['continue', continueToken],
		// A token carries its version; naming one beside it is an error.
		['resourceVersion', continueToken ? '' : version],
	])

export const watchPath = (resource: Resource, version: string, timeoutSeconds: number): string =>
	withQuery(resource, [
		['watch', 'true'],
		['allowWatchBookmarks', 'true'],
		['timeoutSeconds', String(timeoutSeconds)],
		['resourceVersion', version],
	])

const withQuery = (resource: Resource, parameters: readonly (readonly [string, string])[]): string => {
	const query = new URLSearchParams()
	const selectors = [
		['labelSelector', resource.labelSelector ?? ''],
		['fieldSelector', resource.fieldSelector ?? ''],
	] as const
	for (const [name, value] of [...parameters, ...selectors]) {
		if (value !== '') {
			query.set(name, value)
		}
	}
	return `${resource.path}?${query}`
}
