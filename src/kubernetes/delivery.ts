import {isNamespaced, type ObjectKey, type ObjectKind, type ObjectSink, objectKey} from '../model/object.ts'
import {formatProblem, type Problem} from '../model/problem.ts'
import {decodeChange, goneChange} from './decode-change.ts'
import {DecodeError, decodeProblem} from './decode-error.ts'
import {metadataText} from './json.ts'

export interface DeliveryOptions {
	readonly kind: ObjectKind
	readonly sink: ObjectSink
	readonly onHandlerError: (error: unknown) => void
}

/** A complete listing while it arrives: after `put` of each object, `finish` removes all that were not in it. */
export interface Listing {
	readonly put: (json: unknown) => void
	readonly finish: () => void
}

/**
 * Hands objects on to a sink, and only what is new of them.
 *
 * 1. An object that is delivered already in this version is not delivered again.
 * 2. One that does not decode is a problem, once per message, until it decodes or is gone; what was delivered of it
 *    before stays.
 * 3. Nothing that the sink does comes back as an error.
 */
export class Delivery {
	private readonly options: DeliveryOptions
	/** Of what was delivered. */
	private readonly versions = new Map<ObjectKey, string>()
	/** About what does not decode. */
	private readonly complaints = new Map<ObjectKey, Problem>()

	constructor(options: DeliveryOptions) {
		this.options = options
	}

	put(json: unknown): ObjectKey {
		const key = this.keyOf(json)
		const version = metadataText(json, 'resourceVersion')
		if (version === '' || this.versions.get(key) !== version) {
			this.decode(key, version, json)
		}
		return key
	}

	remove(json: unknown): void {
		this.removeKey(this.keyOf(json))
	}

	startListing(): Listing {
		const seen = new Set<ObjectKey>()
		const finish = () => {
			for (const key of [...this.versions.keys(), ...this.complaints.keys()]) {
				if (!seen.has(key)) {
					this.removeKey(key)
				}
			}
		}
		return {put: json => seen.add(this.put(json)), finish}
	}

	/** The first complete listing has been delivered. */
	synced(): void {
		this.guard(sink => sink.synced(this.options.kind))
	}

	private decode(key: ObjectKey, version: string, json: unknown): void {
		try {
			const change = decodeChange(this.options.kind, json)
			// Its own key is the one that the receiver keeps as well.
			this.versions.set(change.key, version)
			this.withdraw(key)
			this.guard(sink => sink.change(change))
		} catch (error) {
			this.complain(key, error instanceof DecodeError ? error : new DecodeError('', `cannot be read: ${error}`))
		}
	}

	private complain(key: ObjectKey, error: DecodeError): void {
		const problem = decodeProblem(error)
		const before = this.complaints.get(key)
		if (!before || formatProblem(before) !== formatProblem(problem)) {
			this.withdraw(key)
			this.complaints.set(key, problem)
			this.guard(sink => sink.problem(problem))
		}
	}

	private withdraw(key: ObjectKey): void {
		const complaint = this.complaints.get(key)
		if (complaint) {
			this.complaints.delete(key)
			this.guard(sink => sink.solved(complaint))
		}
	}

	private removeKey(key: ObjectKey): void {
		this.withdraw(key)
		if (this.versions.delete(key)) {
			this.guard(sink => sink.change(goneChange(this.options.kind, key)))
		}
	}

	private keyOf(json: unknown): ObjectKey {
		const namespace = isNamespaced(this.options.kind) ? metadataText(json, 'namespace') : ''
		return objectKey(namespace, metadataText(json, 'name'))
	}

	private guard(deliver: (sink: ObjectSink) => void): void {
		try {
			deliver(this.options.sink)
		} catch (error) {
			this.options.onHandlerError(error)
		}
	}
}
