/**
 * What Go's net/netip takes for an address or a prefix, as far as `isIP` and `isCIDR` of Kubernetes allow it: no zone, and
 * no IPv4 address in the form of an IPv6 one.
 */
export const isGoIP = (text: string): boolean => {
	const bytes = parseIPv4(text) ?? parseIPv6(text)
	return bytes !== undefined && !isMapped(bytes)
}

/** Host bits may be set; the length has no leading zero. */
export const isGoPrefix = (text: string): boolean => {
	const slash = text.lastIndexOf('/')
	const [address, length] = [text.slice(0, slash), text.slice(slash + 1)]
	const bytes = slash < 0 ? undefined : (parseIPv4(address) ?? parseIPv6(address))
	const isLength = /^(0|[1-9][0-9]{0,2})$/.test(length)
	return bytes !== undefined && !isMapped(bytes) && isLength && Number(length) <= bytes.length * 8
}

type Bytes = readonly number[]

const isMapped = (bytes: Bytes): boolean =>
	bytes.length === 16 && bytes.slice(0, 10).every(byte => byte === 0) && bytes[10] === 255 && bytes[11] === 255

const parseIPv4 = (text: string): Bytes | undefined => {
	const fields = text.split('.')
	const isRight =
		fields.length === 4 && fields.every(field => /^(0|[1-9][0-9]{0,2})$/.test(field) && Number(field) < 256)
	return isRight ? fields.map(Number) : undefined
}

const parseIPv6 = (text: string): Bytes | undefined => {
	const halves = text.split('::')
	const [head, tail] = [groupsOf(halves[0] ?? ''), groupsOf(halves[1] ?? '')]
	if (halves.length > 2 || !head || !tail || (halves.length === 2 && (halves[0] ?? '').includes('.'))) {
		return undefined
	}
	const missing = 16 - head.length - tail.length
	if (halves.length === 1) {
		return missing === 0 ? head : undefined
	}
	return missing >= 2 ? [...head, ...new Array<number>(missing).fill(0), ...tail] : undefined
}

/** The bytes of groups with colons between them, the last of which may be an IPv4 address. */
const groupsOf = (text: string): Bytes | undefined => {
	if (text === '') {
		return []
	}
	const groups = text.split(':')
	const bytes = groups.map((group, index) => {
		const quad = index === groups.length - 1 ? parseIPv4(group) : undefined
		const number = Number.parseInt(group, 16)
		return quad ?? (/^[0-9a-fA-F]{1,4}$/.test(group) ? [number >> 8, number & 255] : undefined)
	})
	return bytes.every(part => part !== undefined) ? bytes.flat() : undefined
}
