import type {Machine} from '../machine.ts'
import type {RulesMet} from './rules.ts'

/** One round of one setting. */
export interface Round {
	/** Of new connections, in microseconds. */
	readonly connections: number
	readonly medianUs: number
	readonly p99Us: number
	readonly slowestUs: number
	/** Over one connection; left out where it was not measured. */
	readonly bytesPerSecond?: number
}

export interface Setting {
	readonly services: number
	/** net.ipv4.vs.conntrack */
	readonly conntrack: 0 | 1
	/** net.ipv4.vs.run_estimation */
	readonly estimation: 0 | 1
	/** Connections that are open besides. */
	readonly idle: number
	/** Bits of the number of lists that the kernel's table of connections has. */
	readonly tableBits: number
}

export interface Measured {
	readonly setting: Setting
	readonly rounds: readonly Round[]
}

export interface DataPlane {
	readonly machine: Machine & {readonly hostCpu: string; readonly hostCores: number}
	readonly date: string
	/** Of one new connection. */
	readonly rules: readonly (RulesMet & {readonly services: number})[]
	/** In turns: Services and conntrack. */
	readonly sizes: readonly Measured[]
	readonly estimation: readonly Measured[]
	readonly table: readonly Measured[]
}
