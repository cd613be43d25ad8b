import type {Doors} from '../../src/kernel/doors.ts'

/** What went through the doors. */
export interface Traffic {
	processes: number
	sends: number
}

/** The same doors, with a count of every process that is started and every datagram that is sent. */
export const countingDoors = (doors: Doors): {readonly doors: Doors; readonly traffic: Traffic} => {
	const traffic: Traffic = {processes: 0, sends: 0}
	return {
		traffic,
		doors: {
			...doors,
			exec: {
				run: (...call) => {
					traffic.processes += 1
					return doors.exec.run(...call)
				},
			},
			netlink: {
				...doors.netlink,
				exchange: (...call) => {
					traffic.sends += 1
					return doors.netlink.exchange(...call)
				},
			},
		},
	}
}
