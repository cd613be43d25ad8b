import {type Address, type Family, familyOf} from '../net/address.ts'
import type {Binding} from '../state/addresses.ts'

/** How VIPs are bound, with a count that is kept up: the choice for the next one depends on it. */
export class VipBindings extends Map<Address, Binding> {
	/** VIPs that are addresses on the device. */
	readonly addressCounts: Record<Family, number> = {ipv4: 0, ipv6: 0}

	constructor(bindings: ReadonlyMap<Address, Binding>) {
		// Not to the Map's own constructor, which would set them before there is a count.
		super()
		for (const [address, binding] of bindings) {
			this.set(address, binding)
		}
	}

	override set(address: Address, binding: Binding): this {
		this.#count(address, -1)
		super.set(address, binding)
		this.#count(address, 1)
		return this
	}

	override delete(address: Address): boolean {
		this.#count(address, -1)
		return super.delete(address)
	}

	override clear(): void {
		super.clear()
		this.addressCounts.ipv4 = 0
		this.addressCounts.ipv6 = 0
	}

	#count(address: Address, step: 1 | -1): void {
		if (this.get(address) === 'address') {
			this.addressCounts[familyOf(address)] += step
		}
	}
}

/** Counts them where nobody has kept count. */
export const addressCountsOf = (bindings: ReadonlyMap<Address, Binding>): Readonly<Record<Family, number>> =>
	(bindings instanceof VipBindings ? bindings : new VipBindings(bindings)).addressCounts
