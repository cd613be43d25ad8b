import type {Address} from '../net/address.ts'
import type {ObjectKey} from './object.ts'

/** The addresses of many Nodes, which may (by mistake) share some. */
export class NodeAddresses {
	readonly #ofNode = new Map<ObjectKey, readonly Address[]>()
	readonly #claims = new Map<Address, number>()
	readonly #all = new Set<Address>()

	/** It changes in place. */
	get all(): ReadonlySet<Address> {
		return this.#all
	}

	/** Undefined: the Node is gone. Gives the addresses that came to `all` or went. */
	replace(node: ObjectKey, addresses: readonly Address[] | undefined): readonly Address[] {
		const before = this.#ofNode.get(node) ?? []
		addresses ? this.#ofNode.set(node, addresses) : this.#ofNode.delete(node)
		// Those that come are counted first: what is in both never leaves.
		const come = (addresses ?? []).filter(address => this.#claim(address, 1) === 1)
		const gone = before.filter(address => this.#claim(address, -1) === 0)
		return [...come, ...gone]
	}

	#claim(address: Address, step: 1 | -1): number {
		const claims = (this.#claims.get(address) ?? 0) + step
		claims > 0 ? this.#claims.set(address, claims) : this.#claims.delete(address)
		claims > 0 ? this.#all.add(address) : this.#all.delete(address)
		return claims
	}
}
