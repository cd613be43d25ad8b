import {type ObjectKey, type ObjectKind, type ObjectSink, objectKey} from '../model/object.ts'
import {decodeChange, goneChange} from './decode-change.ts'
import {DecodeError, decodeProblem} from './decode-error.ts'
import {metadataText} from './json.ts'

/** Hands objects on to a sink, and only what is new of them. Nothing that the sink does comes back as an error. */
export interface Delivery {
	readonly put: (json: unknown) => void
	readonly remove: (json: unknown) => void
	/** A complete listing begins: after `put` of each object, `finish` removes all that were not in it. */
	readonly startListing: () => Listing
	/** The first complete listing has been delivered. */
	readonly synced: () => void
}

export interface Listing {
	readonly put: (json: unknown) => void
	readonly finish: () => void
}

export interface DeliveryOptions {
	readonly kind: ObjectKind
	readonly sink: ObjectSink
	readonly onHandlerError: (error: unknown) => void
}

/**
 * 1. An object that is delivered already in this version is not delivered again.
 * 2. One that does not decode is a problem, once per message; what was delivered of it before stays.
 */
export const createDelivery = ({kind, sink, onHandlerError}: DeliveryOptions): Delivery => {
	const versions = new Map<ObjectKey, string>()
	const complaints = new Map<ObjectKey, string>()
	const guard = (deliver: () => void) => {
		try {
			deliver()
		} catch (error) {
			onHandlerError(error)
		}
	}
	const complain = (key: ObjectKey, error: DecodeError) => {
		if (complaints.get(key) !== error.message) {
			complaints.set(key, error.message)
			guard(() => sink.problem(decodeProblem(error)))
		}
	}
	const put = (json: unknown): ObjectKey => {
		const key = keyOf(kind, json)
		const version = metadataText(json, 'resourceVersion')
		if (version === '' || versions.get(key) !== version) {
			try {
				const change = decodeChange(kind, json)
				versions.set(key, version)
				complaints.delete(key)
				guard(() => sink.change(change))
			} catch (error) {
				complain(key, asDecodeError(error))
			}
		}
		return key
	}
	const remove = (key: ObjectKey) => {
		complaints.delete(key)
		if (versions.delete(key)) {
			guard(() => sink.change(goneChange(kind, key)))
		}
	}
	const startListing = (): Listing => {
		const seen = new Set<ObjectKey>()
		return {
			put: json => seen.add(put(json)),
			finish: () => [...versions.keys(), ...complaints.keys()].filter(key => !seen.has(key)).forEach(remove),
		}
	}
	const synced = () => guard(() => sink.synced(kind))
	return {put, remove: json => remove(keyOf(kind, json)), startListing, synced}
}

const keyOf = (kind: ObjectKind, json: unknown): ObjectKey =>
	objectKey(kind === 'Node' ? '' : metadataText(json, 'namespace'), metadataText(json, 'name'))

const asDecodeError = (error: unknown): DecodeError =>
	error instanceof DecodeError ? error : new DecodeError('', `cannot be read: ${error}`)
