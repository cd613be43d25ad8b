/** Undefined for what is no JSON. */
export const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}

/** `metadata[key]` of any JSON value; empty when there is no such text. */
export const metadataText = (object: unknown, key: string): string => {
	const {metadata} = (object ?? {}) as {readonly metadata?: Readonly<Record<string, unknown>> | null}
	const value = metadata?.[key]
	return typeof value === 'string' ? value : ''
}
