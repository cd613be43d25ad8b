import {type Address, type Family, familyOf} from '../net/address.ts'
import type {Binding, BindingMode} from '../state/addresses.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'
import type {Operation} from './operation.ts'
import {addressCountsOf} from './vip-bindings.ts'

/** Under `auto`, as many VIPs of a family are addresses on the device; measured: 10,000 cost seconds, 50,000 minutes. */
export const MAX_ADDRESSES = 1000

/**
 * What to do about these VIPs. One that is bound either way stays as it is: to change the binding would cut it off for
 * a moment.
 */
export const planVips = (
	vips: Iterable<Address>,
	wanted: WantedState,
	actual: ActualState,
	mode: BindingMode,
): readonly Operation[] => {
	const operations: Operation[] = []
	const choose = bindingChooser(actual.bindings, mode)
	for (const address of vips) {
		const binding = actual.bindings.get(address)
		if (wanted.vips.has(address) && binding === undefined) {
			operations.push({kind: 'bind-vip', address, binding: choose(address)})
		} else if (!wanted.vips.has(address) && binding !== undefined) {
			operations.push({kind: 'unbind-vip', address, binding})
		}
	}
	return operations
}

const bindingChooser = (
	bindings: ReadonlyMap<Address, Binding>,
	mode: BindingMode,
): ((address: Address) => Binding) => {
	let counts: Record<Family, number> | undefined
	return address => {
		if (mode !== 'auto') {
			return mode
		}
		counts ??= {...addressCountsOf(bindings)}
		const family = familyOf(address)
		counts[family] += 1
		return counts[family] <= MAX_ADDRESSES ? 'address' : 'route'
	}
}

export const planDevice = (actual: ActualState): readonly Operation[] =>
	actual.hasDevice ? [] : [{kind: 'create-device'}]
