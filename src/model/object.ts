import {joined} from '../compact.ts'
import type {EndpointSlice} from './endpoint-slice.ts'
import type {Node} from './node.ts'
import type {Problem} from './problem.ts'
import type {Service} from './service.ts'
import type {ServiceCIDR} from './service-cidr.ts'

/** The kinds of Kubernetes objects that are read. */
export type ObjectKind = 'Service' | 'EndpointSlice' | 'Node' | 'ServiceCIDR'
export const OBJECT_KINDS = ['Service', 'EndpointSlice', 'Node', 'ServiceCIDR'] as const satisfies readonly ObjectKind[]

export const isNamespaced = (kind: ObjectKind): boolean => kind === 'Service' || kind === 'EndpointSlice'

/** `namespace/name`; the bare name where the kind has no namespaces. */
export type ObjectKey = string

export const objectKey = (namespace: string, name: string): ObjectKey =>
	namespace ? joined(namespace, '/', name) : name

/** One object as it now is; `object` undefined means that it is gone. */
export type ObjectChange =
	| {readonly kind: 'Service'; readonly key: ObjectKey; readonly object: Service | undefined}
	| {readonly kind: 'EndpointSlice'; readonly key: ObjectKey; readonly object: EndpointSlice | undefined}
	| {readonly kind: 'Node'; readonly key: ObjectKey; readonly object: Node | undefined}
	| {readonly kind: 'ServiceCIDR'; readonly key: ObjectKey; readonly object: ServiceCIDR | undefined}

/**
 * Where a source of objects delivers. No method throws.
 *
 * 1. Changes of one object arrive in the order in which they happened.
 * 2. `synced` follows once the first complete listing of a kind has been delivered; never again after that.
 * 3. An object that does not decode is a problem, not a change: what was known of it stays. The same problem is solved
 *    when it decodes or is gone.
 */
export interface ObjectSink {
	readonly change: (change: ObjectChange) => void
	readonly synced: (kind: ObjectKind) => void
	readonly problem: (problem: Problem) => void
	readonly solved: (problem: Problem) => void
}

/** Where objects come from: the API server or a folder of YAML files. */
export interface ObjectSource {
	/** Delivers until the signal is aborted; rejects only for what no retry can mend. */
	readonly run: (sink: ObjectSink, signal: AbortSignal) => Promise<void>
}
