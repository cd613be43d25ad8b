/** A Set, or the keys of a Map. */
export interface ReadonlyKeys<Key> {
	readonly size: number
	has(key: Key): boolean
	keys(): IterableIterator<Key>
}
