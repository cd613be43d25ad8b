/** Counts things of a kind over all owners; an owner tells all that it has each time. */
export class CountByOwner<Kind> {
	readonly #byOwner = new Map<string, readonly Kind[]>()
	readonly #counts = new Map<Kind, number>()
	readonly #report: (kind: Kind, count: number) => void

	/** `report` is told of every count that changes. */
	constructor(report: (kind: Kind, count: number) => void) {
		this.#report = report
	}

	replace(owner: string, kinds: readonly Kind[]): void {
		const before = this.#byOwner.get(owner) ?? []
		kinds.length > 0 ? this.#byOwner.set(owner, kinds) : this.#byOwner.delete(owner)
		for (const kind of before) {
			this.#counts.set(kind, (this.#counts.get(kind) ?? 0) - 1)
		}
		for (const kind of kinds) {
			this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
		}
		for (const kind of new Set([...before, ...kinds])) {
			this.#report(kind, this.#counts.get(kind) ?? 0)
		}
	}
}
