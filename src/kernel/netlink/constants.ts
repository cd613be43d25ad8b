// linux/netlink.h, linux/genetlink.h

export const NETLINK_ROUTE = 0
export const NETLINK_NETFILTER = 12
export const NETLINK_GENERIC = 16
export type NetlinkProtocol = typeof NETLINK_ROUTE | typeof NETLINK_NETFILTER | typeof NETLINK_GENERIC

export const NLMSG_ERROR = 2
export const NLMSG_DONE = 3

export const NLM_F_REQUEST = 0x1
export const NLM_F_MULTI = 0x2
export const NLM_F_ACK = 0x4
/** A dump was disturbed by a change and may be incomplete. */
export const NLM_F_DUMP_INTR = 0x10
export const NLM_F_DUMP = 0x300
export const NLM_F_EXCL = 0x200
export const NLM_F_CREATE = 0x400

/** Two flags live in the upper bits of an attribute's type. */
export const NLA_F_NESTED = 0x8000
export const NLA_TYPE_MASK = 0x3fff

export const NLMSG_HEADER = 16
export const NLA_HEADER = 4
export const GENL_HEADER = 4

export const GENL_ID_CTRL = 16
export const CTRL_CMD_GETFAMILY = 3
export const CTRL_ATTR_FAMILY_ID = 1
export const CTRL_ATTR_FAMILY_NAME = 2
