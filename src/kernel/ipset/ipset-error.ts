import {errnoName} from '../netlink/netlink-error.ts'
import * as k from './constants.ts'

/** The kernel refused something about a set. */
export class IpsetError extends Error {
	override readonly name = 'IpsetError'
	/** `HASH_FULL`, as linux/netfilter/ipset/ip_set.h has it without `IPSET_ERR_`; `EPERM` for what is not ipset's own. */
	readonly code: string

	constructor(code: string, message: string) {
		super(message)
		this.code = code
	}
}

/** What an errno means in answer to a command for a set; numbers of ipset's own begin at 4096. */
export const ipsetError = (errno: number, isBitmap: boolean): IpsetError => {
	const [code, message] = (isBitmap ? BITMAP_ERRORS[errno] : HASH_ERRORS[errno]) ?? ERRORS[errno] ?? []
	const name = errno < k.IPSET_ERR_PRIVATE ? errnoName(errno) : (code ?? `IPSET_ERR ${errno}`)
	return new IpsetError(name, message ?? name)
}

type Errors = Readonly<Record<number, readonly [code: string, message: string]>>

const ERRORS: Errors = {
	2: ['ENOENT', 'the set does not exist'],
	17: ['EEXIST', 'a set of this name exists, and is of another kind'],
	4097: ['PROTOCOL', 'the kernel does not understand the message'],
	4098: ['FIND_TYPE', 'the kernel does not have sets of this type and revision'],
	4099: ['MAX_SETS', 'the kernel has as many sets as it can'],
	4100: ['BUSY', 'the set is in use by a rule or another set'],
	4101: ['EXIST_SETNAME2', 'the set to swap with does not exist'],
	4102: ['TYPE_MISMATCH', 'the sets are not of the same type and family'],
	4104: ['INVALID_CIDR', 'the kernel takes no such prefix length'],
	4106: ['INVALID_FAMILY', 'the kernel has no such sets for this family'],
	4109: ['IPADDR_IPV4', 'an IPv4 address is missing'],
	4110: ['IPADDR_IPV6', 'an IPv6 address is missing'],
	4114: ['SKBINFO', 'members of the set can have no mark'],
}

/** linux/netfilter/ipset/ip_set_hash.h */
const HASH_ERRORS: Errors = {
	4352: ['HASH_FULL', 'the set is full'],
	4353: ['HASH_ELEM', 'the kernel takes no such member'],
	4354: ['INVALID_PROTO', 'the kernel takes no such protocol'],
	4355: ['MISSING_PROTO', 'the protocol is missing'],
}

/** linux/netfilter/ipset/ip_set_bitmap.h */
const BITMAP_ERRORS: Errors = {
	4352: ['BITMAP_RANGE', 'the port is out of the range of the set'],
}
