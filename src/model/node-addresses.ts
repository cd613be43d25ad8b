import type {Address} from '../net/address.ts'
import type {ObjectKey} from './object.ts'

/** The addresses of many Nodes, which may (by mistake) share some. */
export class NodeAddresses {
	readonly #ofNode = new Map<ObjectKey, readonly Address[]>()
	readonly #claims = new Map<Address, number>()
	#all: ReadonlySet<Address> | undefined

	/** The same object until there is another address, or one less. */
	get all(): ReadonlySet<Address> {
		this.#all ??= new Set(this.#claims.keys())
		return this.#all
	}

	/** Undefined: the Node is gone. Gives whether `all` is another now. */
	replace(node: ObjectKey, addresses: readonly Address[] | undefined): boolean {
		const before = this.#ofNode.get(node) ?? []
		addresses ? this.#ofNode.set(node, addresses) : this.#ofNode.delete(node)
		// Those that come are counted first: what is in both never leaves.
		const come = (addresses ?? []).filter(address => this.#claim(address, 1) === 1)
		const gone = before.filter(address => this.#claim(address, -1) === 0)
		const isChanged = come.length > 0 || gone.length > 0
		this.#all = isChanged ? undefined : this.#all
		return isChanged
	}

	#claim(address: Address, step: 1 | -1): number {
		const claims = (this.#claims.get(address) ?? 0) + step
		claims > 0 ? this.#claims.set(address, claims) : this.#claims.delete(address)
		return claims
	}
}
