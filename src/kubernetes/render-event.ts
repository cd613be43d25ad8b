import type {ObjectReference} from '../model/problem.ts'

/** What to say about an object; written as an Event (events.k8s.io/v1). */
export interface ClusterEvent {
	readonly object: ObjectReference
	readonly type: 'Normal' | 'Warning'
	/** CamelCase; why */
	readonly reason: string
	/** CamelCase; what was done or tried */
	readonly action: string
	/** For people; cut at 1024 bytes. */
	readonly note: string
}

export interface EventOrigin {
	readonly component: string
	readonly nodeName: string
	/** Milliseconds since 1970 */
	readonly now: number
	/** Makes the name unique among those of this millisecond, on all nodes; hexadecimal. */
	readonly unique: string
}

/** Events about an object without a namespace live here. */
const CLUSTER_NAMESPACE = 'default'
const NOTE_BYTES = 1024

/** Where it is not that of the core group. */
const API_VERSIONS: Readonly<Record<string, string>> = {
	EndpointSlice: 'discovery.k8s.io/v1',
	ServiceCIDR: 'networking.k8s.io/v1',
}

export const eventPath = ({object}: ClusterEvent): string =>
	`/apis/events.k8s.io/v1/namespaces/${object.namespace || CLUSTER_NAMESPACE}/events`

/** The body to POST. */
export const renderEvent = ({object, type, reason, action, note}: ClusterEvent, origin: EventOrigin): string =>
	JSON.stringify({
		apiVersion: 'events.k8s.io/v1',
		kind: 'Event',
		metadata: {
			name: `${object.name.slice(0, 220)}.${origin.now.toString(16)}${origin.unique}`,
			namespace: object.namespace || CLUSTER_NAMESPACE,
		},
		eventTime: new Date(origin.now).toISOString().replace('Z', '000Z'),
		reportingController: origin.component,
		reportingInstance: origin.nodeName.slice(0, 128),
		action,
		reason,
		regarding: {
			apiVersion: API_VERSIONS[object.kind] ?? 'v1',
			kind: object.kind,
			name: object.name,
			...(object.namespace ? {namespace: object.namespace} : {}),
			...(object.uid ? {uid: object.uid} : {}),
		},
		note: cutBytes(note, NOTE_BYTES),
		type,
	})

/** Never in the middle of a character. */
const cutBytes = (text: string, bytes: number): string => {
	if (Buffer.byteLength(text) <= bytes) {
		return text
	}
	const cut = Buffer.from(text)
		.subarray(0, bytes - 3)
		.toString('utf8')
	return `${cut.replace(/\uFFFD+$/, '')}...`
}
