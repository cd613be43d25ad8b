/** What one datagram of netlink requests holds. */
export interface Requests {
	/** Messages that change something. */
	readonly writes: number
	/** Whether they are for ip_set. */
	readonly isIpset: boolean
}

/** Numbers of linux/netlink.h, nfnetlink.h, genetlink.h, rtnetlink.h and ip_vs.h. */
const PROTOCOLS = {route: 0, netfilter: 12, generic: 16} as const
const HEADER_LENGTH = 16
const DUMP = 0x300
const SUBSYSTEM_IPSET = 6
const FIRST_DYNAMIC_FAMILY = 17
const IPVS_READS: ReadonlySet<number> = new Set([4, 8, 11, 13, 15])
/** ip_set: PROTOCOL, LIST, SAVE, TEST, HEADER, TYPE, GET_BYNAME, GET_BYINDEX. */
const IPSET_READS: ReadonlySet<number> = new Set([1, 7, 8, 11, 12, 13, 14, 15])
const CONNTRACK_DELETE = 2

export const requestsOf = (protocol: number, datagram: Uint8Array): Requests => {
	const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength)
	let writes = 0
	let isIpset = false
	for (let at = 0; at + HEADER_LENGTH <= datagram.byteLength; ) {
		const length = view.getUint32(at, true)
		const type = view.getUint16(at + 4, true)
		const isDump = (view.getUint16(at + 6, true) & DUMP) === DUMP
		const command = at + HEADER_LENGTH < datagram.byteLength ? view.getUint8(at + HEADER_LENGTH) : 0
		isIpset ||= protocol === PROTOCOLS.netfilter && type >> 8 === SUBSYSTEM_IPSET
		writes += !isDump && isWrite(protocol, type, command) ? 1 : 0
		if (length < HEADER_LENGTH) {
			break
		}
		at += (length + 3) & ~3
	}
	return {writes, isIpset}
}

const isWrite = (protocol: number, type: number, command: number): boolean => {
	switch (protocol) {
		case PROTOCOLS.generic:
			return type >= FIRST_DYNAMIC_FAMILY && !IPVS_READS.has(command)
		case PROTOCOLS.route:
			// Of four types for each kind of object the third is the one that reads.
			return (type & 3) !== 2
		case PROTOCOLS.netfilter:
			return type >> 8 === SUBSYSTEM_IPSET ? !IPSET_READS.has(type & 255) : (type & 255) === CONNTRACK_DELETE
		default:
			return false
	}
}
