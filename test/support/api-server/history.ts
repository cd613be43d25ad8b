import {randomUUID} from 'node:crypto'
import {type ApiObject, keyOf} from './api-object.ts'
import {kindNamed} from './kinds.ts'

/** One change: `before` and `after` tell whether it is an addition, a change or a deletion. */
export interface Change {
	readonly version: number
	readonly kind: string
	readonly before: ApiObject | undefined
	readonly after: ApiObject | undefined
}

/** Objects under one counter of versions, with the changes that a watch may resume from. */
export class History {
	version = 1000
	/** Changes up to this version are forgotten. */
	oldest = 1000
	private readonly objects = new Map<string, ApiObject>()
	private readonly listeners = new Set<(change: Change) => void>()
	private readonly window: number
	private changes: Change[] = []

	constructor(window: number) {
		this.window = window
	}

	put(object: ApiObject): number {
		const {kind, metadata} = object
		const namespace = kindNamed(kind)?.isNamespaced ? (metadata.namespace ?? 'default') : undefined
		const key = keyOf(kind, namespace, metadata.name)
		const before = this.objects.get(key)
		const after: ApiObject = {
			...object,
			metadata: {
				creationTimestamp: before?.metadata.creationTimestamp ?? new Date().toISOString().replace(/\.\d+/, ''),
				uid: before?.metadata.uid ?? randomUUID(),
				managedFields: [{manager: 'double', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: {'f:spec': {}}}],
				...metadata,
				...(namespace === undefined ? {} : {namespace}),
				resourceVersion: String(this.version + 1),
			},
		}
		this.objects.set(key, after)
		return this.record({kind, before, after})
	}

	/** Whether there was such an object. */
	delete(kind: string, namespace: string | undefined, name: string): boolean {
		const key = keyOf(kind, namespace, name)
		const before = this.objects.get(key)
		if (before) {
			this.objects.delete(key)
			this.record({kind, before, after: undefined})
		}
		return before !== undefined
	}

	get(kind: string, namespace: string | undefined, name: string): ApiObject | undefined {
		return this.objects.get(keyOf(kind, namespace, name))
	}

	/** In the order of etcd: by namespace and name. */
	list(kind: string): ApiObject[] {
		const prefix = `${kind}/`
		const entries = [...this.objects].filter(([key]) => key.startsWith(prefix))
		return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object)
	}

	since(version: number): Change[] {
		return this.changes.filter(change => change.version > version)
	}

	/** Forgets every change, as etcd does after some minutes. */
	compact(): void {
		this.oldest = this.version
		this.changes = []
	}

	/** Goes on counting from an older version. */
	rewind(version: number): void {
		this.version = version
		this.compact()
	}

	subscribe(listener: (change: Change) => void): () => void {
		this.listeners.add(listener)
		return () => this.listeners.delete(listener)
	}

	private record(change: Omit<Change, 'version'>): number {
		this.version += 1
		const recorded = {...change, version: this.version}
		this.changes.push(recorded)
		if (this.changes.length > this.window) {
			this.oldest = this.changes.shift()?.version ?? this.oldest
		}
		for (const listener of this.listeners) {
			listener(recorded)
		}
		return this.version
	}
}
