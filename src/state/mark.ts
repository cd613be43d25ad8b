import type {Protocol} from '../net/protocol.ts'

/** A firewall mark of ours, by which IPVS finds a virtual server that is not one of an address and port. */
export type Mark = InsideMark | GroupMark

/**
 * Of clients inside the cluster, for one service port with externalTrafficPolicy Local. It says whose it is without a
 * look at any other Service: a node port is unique in the cluster; a service port without one gets a number by hash,
 * and `isHashed` keeps the two apart.
 */
export interface InsideMark {
	readonly kind: 'inside'
	readonly protocol: Protocol
	readonly isHashed: boolean
	/** Below 2 ** 20. */
	readonly number: number
}

/** Of all that one Service serves together in one family, whatever the port. */
export interface GroupMark {
	readonly kind: 'group'
	readonly face: GroupFace
	/** Delivered to this node by its mark, because no address is; never masqueraded. */
	readonly isSteered: boolean
	/** Below 2 ** 20: the low bits of the Service's ClusterIP, which no other Service has. */
	readonly number: number
}

/**
 * Who is served by which policy: `internal` is for ClusterIPs with internalTrafficPolicy Local, `external` for clients
 * outside with externalTrafficPolicy Local, who keep their source address, and `cluster` is for all others. Packets of
 * face `external` that come from inside the cluster change to `cluster`.
 */
export type GroupFace = 'cluster' | 'external' | 'internal'

const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const satisfies readonly Protocol[]

const NUMBER_BITS = 20
const OWN_AT = NUMBER_BITS + 3
/** Kinds 0 to 5 are inside marks. */
const GROUP_KIND = 6
const EXTERNAL_AT = NUMBER_BITS
const STEERED_AT = OWN_AT + 1
const INTERNAL_AT = OWN_AT + 2

/** The bit by which the kubelet asks for a packet to be dropped (KUBE-MARK-DROP). */
const DROP_BIT = 15

/**
 * Bits of the mark that hold a value, from the lowest one: 20 of the number, 3 of the kind, the one that all marks of
 * ours have, and two that groups alone have.
 */
const placesOf = (masqueradeBit: number): readonly number[] =>
	Array.from({length: 32}, (_, bit) => bit)
		.filter(bit => bit !== DROP_BIT && bit !== masqueradeBit)
		.slice(0, INTERNAL_AT + 1)

/** All bits that such a mark may use; it leaves out those that have a meaning to others. */
export const markMask = (kind: Mark['kind'], masqueradeBit: number): number =>
	sumOf(placesOf(masqueradeBit).slice(0, kind === 'inside' ? OWN_AT + 1 : undefined))

/** A mark passes when it has these bits of the mask. */
export interface MarkTest {
	readonly mark: number
	readonly mask: number
}

const testOf = (places: readonly number[], masqueradeBit: number): MarkTest => {
	const all = placesOf(masqueradeBit)
	const mark = sumOf(places.map(place => all[place] ?? 0))
	// Bits that ours never use are compared, too: with one of them it is somebody else's.
	return {mark, mask: 2 ** 32 - 1 - markMask('group', masqueradeBit) + mark}
}

/** What has a mark of ours, and cannot be one of anybody else. */
export const ownTest = (masqueradeBit: number): MarkTest => testOf([OWN_AT], masqueradeBit)

/** The same for groups, and for their external face. */
export const groupTest = (masqueradeBit: number): MarkTest => testOf(GROUP_PLACES, masqueradeBit)
export const externalTest = (masqueradeBit: number): MarkTest => testOf([...GROUP_PLACES, EXTERNAL_AT], masqueradeBit)
export const steeredTest = (masqueradeBit: number): MarkTest => testOf([...GROUP_PLACES, STEERED_AT], masqueradeBit)

const GROUP_PLACES = [NUMBER_BITS + 1, NUMBER_BITS + 2, OWN_AT]

/** The bit in which the external face differs from that of the cluster. */
export const externalBit = (masqueradeBit: number): number => 2 ** (placesOf(masqueradeBit)[EXTERNAL_AT] ?? 0)

export const encodeMark = (mark: Mark, masqueradeBit: number): number => {
	const value = mark.number + 2 ** NUMBER_BITS * kindOf(mark) + 2 ** OWN_AT + flagsOf(mark)
	return sumOf(placesOf(masqueradeBit).filter((_, at) => isSet(value, at)))
}

const kindOf = (mark: Mark): number =>
	mark.kind === 'group'
		? GROUP_KIND + (mark.face === 'external' ? 1 : 0)
		: (mark.isHashed ? 1 : 0) + 2 * PROTOCOLS.indexOf(mark.protocol)

const flagsOf = (mark: Mark): number =>
	mark.kind === 'group' ? (mark.isSteered ? 2 ** STEERED_AT : 0) + (mark.face === 'internal' ? 2 ** INTERNAL_AT : 0) : 0

/** Undefined for a mark of somebody else. */
export const decodeMark = (mark: number, masqueradeBit: number): Mark | undefined => {
	const places = placesOf(masqueradeBit)
	const value = places.reduce((sum, place, at) => sum + (isSet(mark, place) ? 2 ** at : 0), 0)
	const found = candidateOf(value)
	return found && encodeMark(found, masqueradeBit) === mark ? found : undefined
}

const candidateOf = (value: number): Mark | undefined => {
	const number = value % 2 ** NUMBER_BITS
	const kind = Math.floor(value / 2 ** NUMBER_BITS) % 8
	if (kind >= GROUP_KIND) {
		const face = kind > GROUP_KIND ? 'external' : isSet(value, INTERNAL_AT) ? 'internal' : 'cluster'
		return {kind: 'group', face, isSteered: isSet(value, STEERED_AT), number}
	}
	const protocol = PROTOCOLS[Math.floor(kind / 2)]
	return protocol && {kind: 'inside', protocol, isHashed: kind % 2 === 1, number}
}

/**
 * Whether a mark is one of ours, also from before `masqueradeBit` was changed: for all bits up to 24 the highest bits of
 * a mark are the same.
 */
export const isOurMark = (mark: number, masqueradeBit: number): boolean =>
	[masqueradeBit, ...USUAL_BITS].some(bit => decodeMark(mark, bit) !== undefined)

const USUAL_BITS: readonly number[] = Array.from({length: 25}, (_, bit) => bit).filter(bit => bit !== DROP_BIT)

/** The marks in sets by which packets come to the virtual server of this one. */
export const marksTo = (mark: number, masqueradeBit: number): readonly number[] => {
	const decoded = decodeMark(mark, masqueradeBit)
	return decoded?.kind === 'group' && decoded.face === 'cluster'
		? [mark, encodeMark({...decoded, face: 'external'}, masqueradeBit)]
		: [mark]
}

/** A number for a service port that has no node port (FNV-1a). */
export const hashedNumber = (text: string): number => {
	let hash = 0x811c9dc5
	for (const byte of new TextEncoder().encode(text)) {
		hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
	}
	return ((hash ^ (hash >>> NUMBER_BITS)) >>> 0) % 2 ** NUMBER_BITS
}

const isSet = (value: number, bit: number): boolean => Math.floor(value / 2 ** bit) % 2 === 1

const sumOf = (bits: readonly number[]): number => bits.reduce((sum, bit) => sum + 2 ** bit, 0)
