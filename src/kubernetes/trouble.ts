import type {ObjectKind} from '../model/object.ts'

export type TroubleKind =
	/** No answer: refused, reset, timed out, a certificate that is not trusted, no credentials. */
	| 'unreachable'
	/** 401 */
	| 'unauthorized'
	/** 403: a right is missing. */
	| 'forbidden'
	/** 404: the API server does not know this resource. */
	| 'absent'
	/** 429 */
	| 'throttled'
	/** 5xx */
	| 'failing'
	/** Any other status that is no success. */
	| 'refused'
	/** A stream broke, perhaps in the middle of an event. */
	| 'interrupted'
	/** Nothing arrived for too long, not even a bookmark. */
	| 'silent'
	/** A watch outlived the time that was asked for. */
	| 'overdue'
	/** Bytes that are no event. */
	| 'garbled'
	/** 410: the version to resume from is gone; everything is listed again. */
	| 'expired'
	/** Whoever receives the objects has thrown: a defect of ours. */
	| 'handler'

/** What there is to say about the way to the API server: each kind of trouble once, until it is over. */
export interface TransportReport {
	readonly source: ObjectKind
	readonly kind: TroubleKind | 'recovered'
	readonly message: string
}

/** One attempt that failed. */
export class TransportError extends Error {
	readonly kind: TroubleKind
	/** The server asks for at least this pause. */
	readonly retryAfterMilliseconds: number

	constructor(kind: TroubleKind, message: string, retryAfterMilliseconds = 0) {
		super(message)
		this.name = 'TransportError'
		this.kind = kind
		this.retryAfterMilliseconds = retryAfterMilliseconds
	}
}

/** What `read` throws at bytes that it cannot read becomes a `garbled`. */
export const orGarbled = <T>(what: string, read: () => T): T => {
	try {
		return read()
	} catch (error) {
		throw new TransportError('garbled', `${what}: ${error instanceof Error ? error.message : error}`)
	}
}

export interface TroubleLog {
	readonly say: (kind: TroubleKind, message: string) => void
	/** Says so if anything was wrong. */
	readonly recover: () => void
	readonly has: (kind: TroubleKind) => boolean
}

/** Says each kind of trouble when it begins, not at each retry. What `report` throws is dropped: there is no one left to tell. */
export const createTroubleLog = (source: ObjectKind, tell: (event: TransportReport) => void): TroubleLog => {
	const said = new Set<TroubleKind>()
	const report = (event: TransportReport) => {
		try {
			tell(event)
		} catch {}
	}
	return {
		say: (kind, message) => {
			if (!said.has(kind)) {
				said.add(kind)
				report({source, kind, message})
			}
		},
		recover: () => {
			if (said.size > 0) {
				const message = `was: ${[...said].join(', ')}`
				said.clear()
				report({source, kind: 'recovered', message})
			}
		},
		has: kind => said.has(kind),
	}
}
