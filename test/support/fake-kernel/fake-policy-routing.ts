import {decodeAttributes, uint32Of} from '../../../src/kernel/netlink/attributes.ts'
import {type Command, ERRNO} from './uapi.ts'
import {attribute, bytes, u32} from './wire.ts'

/** `from all fwmark MARK/MASK lookup TABLE`, as far as the fake knows policy rules. */
interface FakeRule {
	readonly family: number
	readonly priority: number
	readonly mark: number
	readonly mask: number
	readonly table: number
	readonly protocol: number
}

/** `local default dev lo table TABLE`. */
interface FakeDefaultRoute {
	readonly family: number
	readonly table: number
	readonly protocol: number
}

const [AF_INET, LOOPBACK, RTN_LOCAL, FR_ACT_TO_TBL] = [2, 1, 2, 1] as const

/** Policy rules by mark, and the `local` default routes of the tables that they lead to (net/core/fib_rules.c). */
export class FakePolicyRouting {
	readonly #rules = new Map<string, FakeRule>()
	readonly #routes = new Map<string, FakeDefaultRoute>()

	changeRule(command: Command, payload: Uint8Array): number {
		const attributes = decodeAttributes(payload.subarray(12))
		if (payload[7] !== FR_ACT_TO_TBL) {
			return ERRNO.EINVAL
		}
		const number = (type: number) => uint32Of(attributes, type)
		const [family = 0, protocol = 0] = [payload[0], attributes.get(21)?.[0]]
		return change(this.#rules, command === 'new-rule', ERRNO.ENOENT, {
			...{family, protocol, priority: number(6)},
			...{mark: number(10), mask: number(16), table: number(15)},
		})
	}

	changeRoute(command: Command, payload: Uint8Array): number {
		const attributes = decodeAttributes(payload.subarray(12))
		const [family = 0, , , , , protocol = 0, , type] = payload
		if (type !== RTN_LOCAL || uint32Of(attributes, 4) !== LOOPBACK) {
			return ERRNO.EINVAL
		}
		const route = {family, protocol, table: uint32Of(attributes, 15)}
		return change(this.#routes, command === 'new-route', ERRNO.ESRCH, route)
	}

	/** The kernel shows a table beyond 255 as RT_TABLE_COMPAT in the header, and always tells of suppress_prefixlen. */
	writeRules(): readonly Uint8Array[] {
		return [...this.#rules.values()].map(({family, priority, mark, mask, table, protocol}) =>
			bytes(
				[family, 0, 0, 0, shortTable(table), 0, 0, FR_ACT_TO_TBL, 0, 0, 0, 0],
				attribute(15, u32(table)),
				attribute(14, u32(0xffff_ffff)),
				attribute(6, u32(priority)),
				attribute(10, u32(mark)),
				attribute(16, u32(mask)),
				attribute(21, bytes(protocol)),
			),
		)
	}

	writeRoutes(): readonly Uint8Array[] {
		return [...this.#routes.values()].map(({family, table, protocol}) =>
			bytes(
				[family, 0, 0, 0, shortTable(table), protocol, family === AF_INET ? 254 : 0, RTN_LOCAL],
				u32(0),
				attribute(15, u32(table)),
				attribute(4, u32(LOOPBACK)),
			),
		)
	}

	lines(): readonly string[] {
		const name = (family: number) => (family === AF_INET ? 'ipv4' : 'ipv6')
		const hex = (number: number) => `0x${number.toString(16)}`
		return [
			...[...this.#rules.values()].map(
				({family, mark, mask, table, protocol}) =>
					`${name(family)} from all fwmark ${hex(mark)}/${hex(mask)} lookup ${table} by ${protocol}`,
			),
			...[...this.#routes.values()].map(
				({family, table, protocol}) => `${name(family)} local default dev lo table ${table} by ${protocol}`,
			),
		]
	}
}

const shortTable = (table: number): number => (table > 255 ? 252 : table)

const change = <Item>(items: Map<string, Item>, isNew: boolean, missing: number, item: Item): number => {
	const key = JSON.stringify(item)
	if (!isNew) {
		return items.delete(key) ? 0 : missing
	}
	if (items.has(key)) {
		return ERRNO.EEXIST
	}
	items.set(key, item)
	return 0
}
