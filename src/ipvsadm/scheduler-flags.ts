import type {VirtualServerFlag} from '../state/ipvs.ts'

/** The names of the three bits for any scheduler, in the order of `VirtualServerFlag`. */
const PLAIN: ReadonlyMap<string, VirtualServerFlag> = new Map([
	['flag-1', 'scheduler-1'],
	['flag-2', 'scheduler-2'],
	['flag-3', 'scheduler-3'],
])

/** What bits are called with the schedulers that have a meaning for them. */
const NAMED: ReadonlyMap<string, ReadonlyMap<string, VirtualServerFlag>> = new Map(
	['sh', 'mh'].map(scheduler => [
		scheduler,
		new Map([
			[`${scheduler}-fallback`, 'scheduler-1'],
			[`${scheduler}-port`, 'scheduler-2'],
		]),
	]),
)

/**
 * `sh-fallback,flag-3`; empty for none. ipvsadm itself leaves out `flag-3` of sh and mh, but reads it.
 */
export const formatSchedulerFlags = (scheduler: string, flags: readonly VirtualServerFlag[]): string =>
	[...PLAIN]
		.filter(([, flag]) => flags.includes(flag))
		.map(([plain, flag]) => nameOf(flag, NAMED.get(scheduler)) ?? plain)
		.join()

const nameOf = (flag: VirtualServerFlag, names: ReadonlyMap<string, VirtualServerFlag> = new Map()) =>
	[...names].find(([, named]) => named === flag)?.[0]

/** Undefined for a name that this scheduler does not have. */
export const parseSchedulerFlag = (scheduler: string, name: string): VirtualServerFlag | undefined =>
	PLAIN.get(name) ?? NAMED.get(scheduler)?.get(name)
