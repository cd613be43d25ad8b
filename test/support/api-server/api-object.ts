/** Any Kubernetes object, as its author writes it. */
export interface ApiObject {
	readonly apiVersion?: string
	readonly kind: string
	readonly metadata: Metadata
	readonly [field: string]: unknown
}

export interface Metadata {
	readonly name: string
	readonly namespace?: string
	readonly labels?: Readonly<Record<string, string>>
	readonly resourceVersion?: string
	readonly [field: string]: unknown
}

export const keyOf = (kind: string, namespace: string | undefined, name: string): string =>
	`${kind}/${namespace ?? ''}/${name}`
