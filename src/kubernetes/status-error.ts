import {type ApiStatus, parseStatus} from './api-status.ts'
import {type HttpResponse, readBody} from './http.ts'
import {TransportError, type TroubleKind} from './trouble.ts'

const STATUS_BYTES = 64 * 1024

/** An answer that is no success, read to its end. */
export const readStatusError = async (response: HttpResponse, what: string): Promise<TransportError> => {
	const text = await readBody(response.body, STATUS_BYTES)
	return statusError(parseStatus(text, response.status, response.headers['retry-after']), what)
}

export const statusError = (status: ApiStatus, what: string): TransportError => {
	const kind = status.isVersionTooLarge ? 'expired' : kindOf(status.code)
	const message = `${what}: ${status.code}${status.message ? `: ${status.message}` : ''}`
	return new TransportError(kind, message, status.retryAfterSeconds * 1000)
}

const kindOf = (code: number): TroubleKind => {
	switch (code) {
		case 401:
			return 'unauthorized'
		case 403:
			return 'forbidden'
		case 404:
			return 'absent'
		case 410:
			return 'expired'
		case 429:
			return 'throttled'
		default:
			return code >= 500 ? 'failing' : 'refused'
	}
}
