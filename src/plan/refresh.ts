/*
 * A large table that is made anew, although it is the same, is garbage that lives for minutes: what is there is made equal
 * to what was found, in place.
 */

/** What the map has is the same afterwards as what was found. Values that are the same object are left alone. */
export const refreshMap = <Key, Value>(map: Map<Key, Value>, found: ReadonlyMap<Key, Value>): void => {
	for (const [key, value] of found) {
		if (map.get(key) !== value) {
			map.set(key, value)
		}
	}
	deleteOthers(map, found)
}

export const refreshSet = <Key>(set: Set<Key>, found: ReadonlySet<Key>): void => {
	for (const key of found) {
		if (!set.has(key)) {
			set.add(key)
		}
	}
	deleteOthers(set, found)
}

interface Keyed<Key> {
	readonly size: number
	readonly keys: () => Iterable<Key>
	readonly has: (key: Key) => boolean
	readonly delete: (key: Key) => boolean
}

/** All that was found is in there: it has others only if it is larger. */
const deleteOthers = <Key>(all: Keyed<Key>, found: Pick<Keyed<Key>, 'size' | 'has'>): void => {
	for (const key of all.size > found.size ? all.keys() : []) {
		if (!found.has(key)) {
			all.delete(key)
		}
	}
}
