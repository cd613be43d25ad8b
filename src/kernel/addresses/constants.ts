// linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h

export const RTM_NEWLINK = 16
export const RTM_DELLINK = 17
export const RTM_GETLINK = 18
export const RTM_NEWADDR = 20
export const RTM_DELADDR = 21
export const RTM_GETADDR = 22
export const RTM_NEWROUTE = 24
export const RTM_DELROUTE = 25
export const RTM_GETROUTE = 26
export const RTM_NEWRULE = 32
export const RTM_DELRULE = 33
export const RTM_GETRULE = 34

export const IFLA_IFNAME = 3
export const IFLA_MTU = 4
export const IFLA_LINKINFO = 18
export const IFLA_INFO_KIND = 1

export const IFA_ADDRESS = 1
export const IFA_LOCAL = 2

export const RTA_DST = 1
export const RTA_OIF = 4
export const RTA_GATEWAY = 5
export const RTA_MULTIPATH = 9
export const RTA_TABLE = 15

// linux/fib_rules.h; FRA_PROTOCOL since Linux 4.17
export const FRA_PRIORITY = 6
export const FRA_FWMARK = 10
export const FRA_TABLE = 15
export const FRA_FWMASK = 16
export const FRA_PROTOCOL = 21
export const FR_ACT_TO_TBL = 1

/** The loopback interface of every network namespace (LOOPBACK_IFINDEX, net/flow.h). */
export const LOOPBACK_INDEX = 1

export const IFF_UP = 1
/** No duplicate address detection: a VIP is on every node by design. */
export const IFA_F_NODAD = 0x2

export const RT_SCOPE_UNIVERSE = 0
export const RT_SCOPE_LINK = 253
export const RT_SCOPE_HOST = 254
export const RT_TABLE_LOCAL = 255
export const RTN_LOCAL = 2

/** Who made a route or a rule: a number of our own (linux/rtnetlink.h leaves those above 4 to user space). */
export const RTPROT_KUBE_LVS = 76
export const RTPROT_KERNEL = 2

/** Multicast groups of links and of IPv4 and IPv6 addresses: RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR. */
export const ADDRESS_GROUPS = [1, 5, 9]
