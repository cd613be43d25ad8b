/** Something that was skipped, as a value: the edge logs it, counts it and writes an Event. */
export interface Problem {
	readonly object: ObjectReference
	/** Path of the field, as in `kubectl explain`: `spec.externalIPs[1]`. */
	readonly field: string
	readonly reason: ProblemReason
	/** What is wrong with the value and what was done instead. */
	readonly message: string
	/** Other nodes may not have it: each one that does writes its own Event. Of any other problem one node writes it. */
	readonly isOfNode?: true
}

export interface ObjectReference {
	readonly kind: string
	readonly namespace: string
	readonly name: string
	/** Empty where the source has none (YAML files). */
	readonly uid: string
}

/** Of a Service, or of what names one. */
export const serviceReference = ({namespace, name, uid}: Omit<ObjectReference, 'kind'>): ObjectReference => ({
	kind: 'Service',
	namespace,
	name,
	uid,
})

/** The `reason` of the Event; CamelCase, as Kubernetes writes them. */
export type ProblemReason =
	| 'InvalidObject'
	| 'InvalidAddress'
	| 'InvalidPort'
	| 'AddressInUse'
	| 'AddressRefused'
	| 'OpenLoadBalancer'
	| 'NotSupported'
	| 'InvalidAnnotation'
	| 'UnknownAnnotation'
	| 'AnnotationIgnored'
	| 'FailedToStartServiceHealthcheck'

export const formatProblem = ({object, field, reason, message}: Problem): string =>
	`${object.kind} ${object.namespace ? `${object.namespace}/` : ''}${object.name}: ${field}: ${message} (${reason})`
