/** What is said to one request. */
export interface Answer {
	/** Of HTTP. */
	readonly status: number
	readonly headers: Readonly<Record<string, string>>
	readonly body: string
	/** What follows the body, made as it is sent. */
	readonly more?: Iterable<string>
}

/** Gives the answer for a path, without its query; undefined for a path that is not served. */
export type Answerer = (path: string) => Answer | undefined | Promise<Answer | undefined>

const JSON_HEADERS = {'Content-Type': 'application/json', 'X-Content-Type-Options': 'nosniff'} as const

/** `indent` as of `JSON.stringify`. */
export const jsonAnswer = (status: number, value: unknown, indent = ''): Answer => ({
	status,
	headers: JSON_HEADERS,
	body: JSON.stringify(value, undefined, indent),
})

export const textAnswer = (text: string, contentType = 'text/plain; charset=utf-8'): Answer => ({
	status: 200,
	headers: {'Content-Type': contentType, 'X-Content-Type-Options': 'nosniff'},
	body: text,
})
