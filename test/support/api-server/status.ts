import type {ServerResponse} from 'node:http'

const REASONS: Readonly<Record<number, string>> = {
	400: 'BadRequest',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'NotFound',
	409: 'AlreadyExists',
	410: 'Expired',
	422: 'Invalid',
	429: 'TooManyRequests',
	500: 'InternalError',
	503: 'ServiceUnavailable',
	504: 'Timeout',
}

/** metav1.Status */
export const makeStatus = (code: number, message: string, details: object = {}): object => ({
	kind: 'Status',
	apiVersion: 'v1',
	metadata: {},
	status: 'Failure',
	message,
	reason: REASONS[code] ?? 'Unknown',
	details,
	code,
})

export const TOO_LARGE = makeStatus(504, 'Too large resource version', {
	causes: [{reason: 'ResourceVersionTooLarge', message: 'Too large resource version'}],
	retryAfterSeconds: 1,
})

export const sendJson = (response: ServerResponse, code: number, body: unknown): void => {
	response.writeHead(code, {'content-type': 'application/json'})
	response.end(JSON.stringify(body))
}

export const sendStatus = (response: ServerResponse, code: number, message: string): void =>
	sendJson(response, code, makeStatus(code, message))
