/** Equality of plain data: texts, numbers, lists, records, and Maps in their order. */
export const isSame = (a: unknown, b: unknown): boolean => {
	if (Object.is(a, b)) {
		return true
	}
	if (Array.isArray(a) && Array.isArray(b)) {
		return a.length === b.length && a.every((item, index) => isSame(item, b[index]))
	}
	if (a instanceof Map && b instanceof Map) {
		return isSame([...a], [...b])
	}
	return isRecord(a) && isRecord(b) && isSameRecord(a, b)
}

type PlainRecord = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is PlainRecord =>
	typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

const isSameRecord = (a: PlainRecord, b: PlainRecord): boolean => {
	const keys = Object.keys(a)
	return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && isSame(a[key], b[key]))
}
