import {parseJson} from './json.ts'

/** What the API server says when it does not do what was asked (metav1.Status). */
export interface ApiStatus {
	readonly code: number
	readonly reason: string
	readonly message: string
	/** Seconds; 0 when it names none. */
	readonly retryAfterSeconds: number
	/** The version asked for is newer than anything this server knows, as after a restored backup. */
	readonly isVersionTooLarge: boolean
}

/** From any JSON value; what it lacks is filled in from the HTTP status. */
export const readStatus = (json: unknown, httpStatus: number): ApiStatus => {
	const status = recordOf(json)
	const details = recordOf(status.details)
	const causes = Array.isArray(details.causes) ? details.causes.map(cause => textOf(recordOf(cause).reason)) : []
	const message = textOf(status.message)
	return {
		code: numberOf(status.code) || httpStatus,
		reason: textOf(status.reason),
		message,
		retryAfterSeconds: numberOf(details.retryAfterSeconds),
		isVersionTooLarge: causes.includes('ResourceVersionTooLarge') || message.startsWith('Too large resource version'),
	}
}

/** `text` is the body of an answer that is no success. */
export const parseStatus = (text: string, httpStatus: number, retryAfter: string | undefined): ApiStatus => {
	const status = readStatus(parseJson(text), httpStatus)
	const seconds = Math.max(status.retryAfterSeconds, Number.parseInt(retryAfter ?? '0', 10) || 0)
	return {...status, message: status.message || text.trim().slice(0, 200), retryAfterSeconds: seconds}
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)
