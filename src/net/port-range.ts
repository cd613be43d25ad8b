import type {Protocol} from './protocol.ts'

/** Ports of one protocol, both ends included. */
export interface PortRange {
	readonly protocol: Protocol
	readonly first: number
	readonly last: number
}

/** Ports of one address: some in a row, or all of every protocol. */
export type Ports = 'all' | PortRange

export const portsOverlap = (a: Ports, b: Ports): boolean =>
	a === 'all' || b === 'all' || (a.protocol === b.protocol && a.first <= b.last && b.first <= a.last)

/** From the first to the last. */
export const portsIn = ({first, last}: PortRange): readonly number[] =>
	Array.from({length: last - first + 1}, (_, at) => first + at)
