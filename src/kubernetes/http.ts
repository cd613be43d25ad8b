/** The only door to the API server: one request, one streamed answer. */
export interface Http {
	/**
	 * Resolves with any status once the headers are there; rejects when there is no answer (HttpError).
	 * The body rejects when the connection breaks before its end. Aborting the signal ends both.
	 */
	readonly request: (path: string, options: HttpOptions) => Promise<HttpResponse>
}

export interface HttpOptions {
	readonly signal: AbortSignal
	readonly method?: 'GET' | 'POST'
	/** JSON text. */
	readonly body?: string
}

export interface HttpResponse {
	readonly status: number
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string | undefined>>
	/** Must be read to its end or be aborted, else its connection stays in use. */
	readonly body: AsyncIterable<Uint8Array>
}

/** At most `limit` bytes as text; the rest of the body is read and dropped. */
export const readBody = async (body: AsyncIterable<Uint8Array>, limit: number): Promise<string> => {
	const chunks: Uint8Array[] = []
	let size = 0
	for await (const chunk of body) {
		if (size < limit) {
			chunks.push(chunk.subarray(0, limit - size))
		}
		size += chunk.length
	}
	return Buffer.concat(chunks).toString('utf8')
}
