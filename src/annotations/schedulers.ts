import type {VirtualServerFlag} from '../state/ipvs.ts'

/** The schedulers of IPVS (linux/net/netfilter/ipvs); twos came with Linux 6.4. */
export const SCHEDULERS = [
	'rr',
	'wrr',
	'lc',
	'wlc',
	'lblc',
	'lblcr',
	'dh',
	'sh',
	'mh',
	'sed',
	'nq',
	'fo',
	'ovf',
	'twos',
] as const

export type SchedulerFlag = 'sh-fallback' | 'sh-port' | 'mh-fallback' | 'mh-port'

/** What they are to the kernel (linux/ip_vs.h, IP_VS_SVC_F_SCHED_SH_FALLBACK and its neighbours), in the kernel's order. */
export const SCHEDULER_FLAGS = {
	'sh-fallback': {scheduler: 'sh', bit: 'scheduler-1'},
	'sh-port': {scheduler: 'sh', bit: 'scheduler-2'},
	'mh-fallback': {scheduler: 'mh', bit: 'scheduler-1'},
	'mh-port': {scheduler: 'mh', bit: 'scheduler-2'},
} as const satisfies Record<SchedulerFlag, {readonly scheduler: string; readonly bit: VirtualServerFlag}>
