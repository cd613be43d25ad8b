import type {Protocol} from '../net/protocol.ts'

/**
 * The firewall mark by which IPVS tells clients inside the cluster from those outside, for one service port with
 * externalTrafficPolicy Local. It says whose it is without a look at any other Service: a node port is unique in the
 * cluster; a service port without one gets a number by hash, and `isHashed` keeps the two apart.
 */
export interface InsideMark {
	readonly protocol: Protocol
	readonly isHashed: boolean
	/** Below 2 ** 20. */
	readonly number: number
}

const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const satisfies readonly Protocol[]
const NUMBER_BITS = 20

/** The bit by which the kubelet asks for a packet to be dropped (KUBE-MARK-DROP). */
const DROP_BIT = 15

/** Bits of the mark that hold a value, from the lowest one, and last the one that says that a mark is ours. */
const placesOf = (masqueradeBit: number): readonly number[] =>
	Array.from({length: 32}, (_, bit) => bit)
		.filter(bit => bit !== DROP_BIT && bit !== masqueradeBit)
		.slice(0, NUMBER_BITS + 4)

/** All bits that a mark of ours may use; it leaves out those that have a meaning to others. */
export const insideMask = (masqueradeBit: number): number => sumOf(placesOf(masqueradeBit))

/** The bit that all marks of ours have. */
export const insideBit = (masqueradeBit: number): number => sumOf(placesOf(masqueradeBit).slice(-1))

/** What has a mark of ours, and cannot be one of anybody else: all bits that ours never use are compared, too. */
export const insideTest = (masqueradeBit: number): {readonly mark: number; readonly mask: number} => {
	const mark = insideBit(masqueradeBit)
	return {mark, mask: 2 ** 32 - 1 - insideMask(masqueradeBit) + mark}
}

/** A value and the bits of a mark that are compared with it. */
export interface MarkTest {
	readonly mark: number
	readonly mask: number
}

/** What has a mark of ours of the kind that leads to servers which answer by themselves (direct routing, tunnels). */
export const steeredTest = (masqueradeBit: number): MarkTest => {
	const places = placesOf(masqueradeBit)
	return {mark: sumOf(places.slice(NUMBER_BITS)), mask: 2 ** 32 - 1 - sumOf(places.slice(0, NUMBER_BITS))}
}

export const encodeInsideMark = ({protocol, isHashed, number}: InsideMark, masqueradeBit: number): number => {
	const value = number + 2 ** NUMBER_BITS * ((isHashed ? 1 : 0) + 2 * PROTOCOLS.indexOf(protocol))
	const places = placesOf(masqueradeBit)
	return sumOf(places.filter((_, at) => isSet(value, at) || at === places.length - 1))
}

/** Undefined for a mark of somebody else. */
export const decodeInsideMark = (mark: number, masqueradeBit: number): InsideMark | undefined => {
	const places = placesOf(masqueradeBit)
	const set = places.filter(place => isSet(mark, place))
	const value = places.slice(0, -1).reduce((sum, place, at) => sum + (isSet(mark, place) ? 2 ** at : 0), 0)
	const protocol = PROTOCOLS[Math.floor(value / 2 ** (NUMBER_BITS + 1))]
	if (sumOf(set) !== mark || !isSet(mark, places.at(-1) ?? 0) || !protocol) {
		return undefined
	}
	return {protocol, isHashed: isSet(value, NUMBER_BITS), number: value % 2 ** NUMBER_BITS}
}

/**
 * Whether a mark is one of ours, also from before `masqueradeBit` was changed: for all bits up to 24 the highest bit of
 * a mark is the same.
 */
export const isInsideMark = (mark: number, masqueradeBit: number): boolean =>
	[masqueradeBit, ...USUAL_BITS].some(bit => decodeInsideMark(mark, bit) !== undefined)

const USUAL_BITS: readonly number[] = Array.from({length: 25}, (_, bit) => bit).filter(bit => bit !== DROP_BIT)

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
