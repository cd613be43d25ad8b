const LIMIT = 20_000
let known = new Map<string, string>()

/**
 * One copy of a text that many objects repeat (namespace, node name, zone): JSON.parse makes a new one each time.
 * Forgets everything once it has grown too large; that costs memory again, nothing else.
 */
export const intern = (text: string): string => {
	const first = known.get(text)
	if (first !== undefined) {
		return first
	}
	if (known.size >= LIMIT) {
		known = new Map()
	}
	known.set(text, text)
	return text
}
