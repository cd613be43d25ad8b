/** How many ask for each key; it is there as long as anybody does. */
export class Counts<Key> extends Map<Key, number> {
	count(key: Key, step: 1 | -1): void {
		const next = (this.get(key) ?? 0) + step
		next > 0 ? this.set(key, next) : this.delete(key)
	}
}
