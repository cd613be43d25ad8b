import type {Size} from './objects.ts'

/** What the tests measure with: small enough for every run, and large enough that work for each Service shows. */
export const TESTED_SIZE: Size = {services: 1000, endpoints: 5}

/** Operations of the first sync by kind, for that size: those that follow from the objects, so they are exact. */
export const COLD_SYNC_OPERATIONS: Readonly<Record<string, number>> = {
	'add-virtual-server': 1000,
	'add-real-server': 5000,
	'bind-vip': 1000,
	// For each Service its port and its VIP, and the endpoints on this node.
	'add-set-entry': 2109,
}

/** Of the other kinds, which make the frame: device, sets, rules, settings of the kernel. */
export const MOST_FRAME_OPERATIONS = 80

/** At most so many datagrams and processes, whatever the number of Services. */
export const COLD_SYNC_TRAFFIC = {sends: 100, processes: 6} as const

/** At most so many for one change, in a cluster of any size. */
export const CHANGE_TRAFFIC = {sends: 8, processes: 0} as const
