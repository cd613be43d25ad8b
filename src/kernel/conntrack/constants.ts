// linux/netfilter/nfnetlink.h, linux/netfilter/nfnetlink_conntrack.h

const NFNL_SUBSYS_CTNETLINK = 1
export const IPCTNL_MSG_CT_GET = (NFNL_SUBSYS_CTNETLINK << 8) | 1
export const IPCTNL_MSG_CT_DELETE = (NFNL_SUBSYS_CTNETLINK << 8) | 2

/** struct nfgenmsg. */
export const NFGEN_HEADER = 4

export const CTA_TUPLE_ORIG = 1
export const CTA_TUPLE_REPLY = 2
export const CTA_ID = 12
export const CTA_ZONE = 18

export const CTA_TUPLE_IP = 1
export const CTA_TUPLE_PROTO = 2

export const CTA_IP_V4_SRC = 1
export const CTA_IP_V4_DST = 2
export const CTA_IP_V6_SRC = 3
export const CTA_IP_V6_DST = 4

export const CTA_PROTO_NUM = 1
export const CTA_PROTO_SRC_PORT = 2
export const CTA_PROTO_DST_PORT = 3

/** Since Linux 5.8; an older kernel does not know it and shows all flows. */
export const CTA_FILTER = 25
export const CTA_FILTER_ORIG_FLAGS = 1

// Which parts of the tuple a filter compares: net/netfilter/nf_internals.h, CTA_FILTER_F_*.
export const FILTER_IP_DST = 0x02
export const FILTER_PROTO_NUM = 0x08
export const FILTER_PROTO_DST_PORT = 0x20
