import {NONE} from '../compact.ts'
import type {ObjectKey} from '../model/object.ts'
import type {Address} from '../net/address.ts'

/** Which Services claim which addresses from outside the cluster. */
export class AddressClaims {
	readonly #byAddress = new Map<Address, Set<ObjectKey>>()
	readonly #byService = new Map<ObjectKey, readonly Address[]>()

	/** All that a Service claims now. */
	replace(service: ObjectKey, addresses: readonly Address[]): void {
		for (const address of this.#byService.get(service) ?? NONE) {
			const claimants = this.#byAddress.get(address)
			claimants?.delete(service)
			if (claimants?.size === 0) {
				this.#byAddress.delete(address)
			}
		}
		addresses.length > 0 ? this.#byService.set(service, addresses) : this.#byService.delete(service)
		for (const address of addresses) {
			this.#byAddress.set(address, (this.#byAddress.get(address) ?? new Set()).add(service))
		}
	}

	claimantsOf(address: Address): Iterable<ObjectKey> {
		return this.#byAddress.get(address) ?? []
	}
}
