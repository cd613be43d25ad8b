import type {Family} from '../net/address.ts'

/** What the wanted state depends on besides configuration and objects: this node's kernel and programs. */
export interface NodeFacts {
	/** Families that can be served. */
	readonly families: readonly Family[]
	/** Undefined when it cannot be told. */
	readonly kernelVersion: Version | undefined
	/** `MASQUERADE --random-fully` is known to iptables. */
	readonly hasRandomFully: boolean
	readonly cpus: number
	/** Of the interfaces that are up, in bytes; undefined where the kernel cannot clamp the segments of TCP anyway. */
	readonly smallestMTU: number | undefined
	/** Routes can depend on the mark of a packet. */
	readonly hasPolicyRules: boolean
	/** Paths of the settings for connection tracking that this node has let us change. */
	readonly tunable: ReadonlySet<string>
}

/** `[6, 1, 0]` for 6.1.0. */
export type Version = readonly number[]

/** The leading number with dots; undefined when there is none. */
export const parseVersion = (text: string): Version | undefined => {
	const [found] = /\d+(\.\d+)+/.exec(text) ?? []
	return found?.split('.').map(Number)
}

/** `[1, 10]` is at least `[1, 8]`; what is left out is 0. */
export const isAtLeast = (version: Version, least: Version): boolean => {
	const at = least.findIndex((number, index) => number !== (version[index] ?? 0))
	return at < 0 || (version[at] ?? 0) > (least[at] ?? 0)
}

/** A node that lacks nothing and needs no special treatment; nothing is tuned. */
export const MODERN_NODE: NodeFacts = {
	families: ['ipv4', 'ipv6'],
	kernelVersion: [6, 1],
	hasRandomFully: true,
	cpus: 2,
	smallestMTU: 1500,
	hasPolicyRules: true,
	tunable: new Set(),
}
