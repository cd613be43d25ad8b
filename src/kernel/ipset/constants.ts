// linux/netfilter/ipset/ip_set.h, linux/netfilter/nfnetlink.h

const NFNL_SUBSYS_IPSET = 6
export const IPSET_CMD_PROTOCOL = (NFNL_SUBSYS_IPSET << 8) | 1
export const IPSET_CMD_CREATE = (NFNL_SUBSYS_IPSET << 8) | 2
export const IPSET_CMD_DESTROY = (NFNL_SUBSYS_IPSET << 8) | 3
export const IPSET_CMD_SWAP = (NFNL_SUBSYS_IPSET << 8) | 6
export const IPSET_CMD_LIST = (NFNL_SUBSYS_IPSET << 8) | 7
export const IPSET_CMD_ADD = (NFNL_SUBSYS_IPSET << 8) | 9
export const IPSET_CMD_DEL = (NFNL_SUBSYS_IPSET << 8) | 10

/** Since Linux 2.6.39. Protocol 7 (Linux 4.20) has the same form for all that is asked here, and takes this one. */
export const IPSET_PROTOCOL = 6

/** struct nfgenmsg; the kernel sends its own with AF_INET for all sets. */
export const NFGEN_HEADER = 4
export const NFPROTO_UNSPEC = 0

/** In the type of an attribute: its value is in network byte order (linux/netlink.h). */
export const NLA_F_NET_BYTEORDER = 0x4000

// Attributes of a command.
export const IPSET_ATTR_PROTOCOL = 1
export const IPSET_ATTR_SETNAME = 2
export const IPSET_ATTR_TYPENAME = 3
export const IPSET_ATTR_SETNAME2 = 3
export const IPSET_ATTR_REVISION = 4
export const IPSET_ATTR_FAMILY = 5
export const IPSET_ATTR_FLAGS = 6
export const IPSET_ATTR_DATA = 7
export const IPSET_ATTR_ADT = 8
export const IPSET_ATTR_PROTOCOL_MIN = 10

// Attributes of a set and of its members.
export const IPSET_ATTR_IP = 1
export const IPSET_ATTR_PORT = 4
export const IPSET_ATTR_PORT_TO = 5
export const IPSET_ATTR_TIMEOUT = 6
export const IPSET_ATTR_PROTO = 7
export const IPSET_ATTR_CADT_FLAGS = 8

// Attributes of a set only.
/** Since Linux 6.3. */
export const IPSET_ATTR_BITMASK = 12
export const IPSET_ATTR_HASHSIZE = 18
export const IPSET_ATTR_MAXELEM = 19
export const IPSET_ATTR_NETMASK = 20

// Attributes of a member only.
export const IPSET_ATTR_IP2 = 20
export const IPSET_ATTR_CIDR2 = 21
export const IPSET_ATTR_SKBMARK = 27

export const IPSET_ATTR_IPADDR_IPV4 = 1
export const IPSET_ATTR_IPADDR_IPV6 = 2

/** Of a command to list: names alone. */
export const IPSET_FLAG_LIST_SETNAME = 2

export const IPSET_FLAG_WITH_FORCEADD = 0x20
export const IPSET_FLAG_WITH_SKBINFO = 0x40

/** Where numbers of ipset's own begin, and those that mean something else for each type of set. */
export const IPSET_ERR_PRIVATE = 4096
export const IPSET_ERR_TYPE_SPECIFIC = 4352
