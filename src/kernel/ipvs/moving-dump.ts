/**
 * The kernel goes through its virtual servers by their number (net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_genl_dump_services):
 * where others come or go between two datagrams of a dump, it tells of one twice, or of one not at all, and does not say
 * so.
 */

/** What is asked for by itself where a dump did not tell of it. Where more is missing, it is gone. */
const MOST_HIDDEN = 100

/** Each of them once. */
export const eachOnce = <Value, Key>(told: Iterable<Value>, keyOf: (value: Value) => Key): Map<Key, Value> => {
	const once = new Map<Key, Value>()
	for (const value of told) {
		once.set(keyOf(value), value)
	}
	return once
}

/** What is known and was not told, but may be there all the same. */
export const perhapsHidden = <Key, Value>(
	known: ReadonlyMap<Key, Value>,
	told: ReadonlyMap<Key, unknown>,
): readonly Value[] => {
	const missing: Value[] = []
	for (const [key, value] of known) {
		if (!told.has(key) && missing.push(value) > MOST_HIDDEN) {
			return []
		}
	}
	return missing
}
