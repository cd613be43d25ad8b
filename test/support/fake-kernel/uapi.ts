// The kernel's numbers, spelled here a second time, so that a wrong one in src/ does not agree with itself.
// linux/netlink.h, linux/genetlink.h, linux/rtnetlink.h, linux/ip_vs.h, linux/netfilter/nfnetlink_conntrack.h,
// linux/netfilter/ipset/ip_set.h, linux/netfilter/ipset/ip_set_hash.h

export const ROUTE = 0
export const NETFILTER = 12
export const GENERIC = 16

export const IPVS_FAMILY = 28
const CTRL = 16

/** Every request that the fake knows, by `protocol:type` or, for generic netlink, `protocol:type:command`. */
const COMMANDS = {
	[`${GENERIC}:${CTRL}:3`]: 'get-family',
	[`${GENERIC}:${IPVS_FAMILY}:1`]: 'new-service',
	[`${GENERIC}:${IPVS_FAMILY}:2`]: 'set-service',
	[`${GENERIC}:${IPVS_FAMILY}:3`]: 'del-service',
	[`${GENERIC}:${IPVS_FAMILY}:4`]: 'get-service',
	[`${GENERIC}:${IPVS_FAMILY}:5`]: 'new-dest',
	[`${GENERIC}:${IPVS_FAMILY}:6`]: 'set-dest',
	[`${GENERIC}:${IPVS_FAMILY}:7`]: 'del-dest',
	[`${GENERIC}:${IPVS_FAMILY}:8`]: 'get-dest',
	[`${GENERIC}:${IPVS_FAMILY}:12`]: 'set-config',
	[`${GENERIC}:${IPVS_FAMILY}:13`]: 'get-config',
	[`${GENERIC}:${IPVS_FAMILY}:16`]: 'zero',
	[`${ROUTE}:16`]: 'new-link',
	[`${ROUTE}:17`]: 'del-link',
	[`${ROUTE}:18`]: 'get-link',
	[`${ROUTE}:20`]: 'new-addr',
	[`${ROUTE}:21`]: 'del-addr',
	[`${ROUTE}:22`]: 'get-addr',
	[`${ROUTE}:24`]: 'new-route',
	[`${ROUTE}:25`]: 'del-route',
	[`${ROUTE}:26`]: 'get-route',
	[`${ROUTE}:32`]: 'new-rule',
	[`${ROUTE}:33`]: 'del-rule',
	[`${ROUTE}:34`]: 'get-rule',
	[`${NETFILTER}:${0x10}`]: 'begin-batch',
	[`${NETFILTER}:${10 << 8}`]: 'new-table',
	[`${NETFILTER}:${(1 << 8) | 1}`]: 'get-flow',
	[`${NETFILTER}:${(1 << 8) | 2}`]: 'del-flow',
	[`${NETFILTER}:${(6 << 8) | 1}`]: 'get-protocol',
	[`${NETFILTER}:${(6 << 8) | 2}`]: 'create-set',
	[`${NETFILTER}:${(6 << 8) | 3}`]: 'destroy-set',
	[`${NETFILTER}:${(6 << 8) | 6}`]: 'swap-sets',
	[`${NETFILTER}:${(6 << 8) | 7}`]: 'get-sets',
	[`${NETFILTER}:${(6 << 8) | 9}`]: 'add-entry',
	[`${NETFILTER}:${(6 << 8) | 10}`]: 'del-entry',
} as const

export type Command = (typeof COMMANDS)[keyof typeof COMMANDS]

const BY_KEY = new Map<string, Command>(Object.entries(COMMANDS))

/** Undefined for a request that the fake does not know. */
export const commandOf = (protocol: number, type: number, payload: Uint8Array): Command | undefined =>
	BY_KEY.get(protocol === GENERIC ? `${protocol}:${type}:${payload[0]}` : `${protocol}:${type}`)

export const ERRNO = {
	EPERM: 1,
	ENOENT: 2,
	ESRCH: 3,
	ENOMEM: 12,
	EACCES: 13,
	EBUSY: 16,
	EEXIST: 17,
	ENODEV: 19,
	EINVAL: 22,
	ERANGE: 34,
	EOPNOTSUPP: 95,
	EADDRNOTAVAIL: 99,
	ENETDOWN: 100,
} as const

export type Errno = keyof typeof ERRNO

/** Numbers of ipset's own. */
export const IPSET_ERR = {
	PROTOCOL: 4097,
	FIND_TYPE: 4098,
	BUSY: 4100,
	EXIST_SETNAME2: 4101,
	TYPE_MISMATCH: 4102,
	EXIST: 4103,
	INVALID_CIDR: 4104,
	IPADDR_IPV4: 4109,
	IPADDR_IPV6: 4110,
	SKBINFO: 4114,
	HASH_FULL: 4352,
} as const
