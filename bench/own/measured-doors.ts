import type {Doors} from '../../src/kernel/doors.ts'
import {requestsOf} from './requests.ts'

/** Where time goes on the other side of the doors; `programs` are all but ipset and iptables. */
export type DoorStage = 'netlink' | 'ipset' | 'iptables' | 'programs' | 'files'

/** What went through the doors since the last look. */
export interface Traffic {
	/** Datagrams sent over netlink. */
	readonly sends: number
	/** Netlink messages in them that change something. */
	readonly writes: number
	readonly processes: number
	/** From the call to the answer, in milliseconds. */
	readonly milliseconds: Readonly<Record<DoorStage, number>>
}

export interface MeasuredDoors {
	readonly doors: Doors
	/** All traffic since the last call. */
	readonly take: () => Traffic
}

/** The same doors, with a count and the time of everything that goes through them. */
export const measuredDoors = (doors: Doors): MeasuredDoors => {
	let traffic = noTraffic()
	const underWay = new Map<DoorStage, {count: number; since: number}>()
	// What goes on at the same time counts once.
	const timed = async <T>(stage: DoorStage, work: () => Promise<T>): Promise<T> => {
		const all = underWay.get(stage) ?? {count: 0, since: 0}
		underWay.set(stage, all)
		if (all.count++ === 0) {
			all.since = performance.now()
		}
		try {
			return await work()
		} finally {
			if (--all.count === 0) {
				traffic.milliseconds[stage] += performance.now() - all.since
			}
		}
	}
	const take = (): Traffic => {
		const taken = traffic
		traffic = noTraffic()
		return taken
	}
	return {
		take,
		doors: {
			exec: {
				run: (...call) => {
					traffic.processes++
					return timed(stageOfProgram(call[0]), () => doors.exec.run(...call))
				},
			},
			netlink: {
				...doors.netlink,
				exchange: (...call) => {
					const {writes, isIpset} = requestsOf(call[0], call[1])
					traffic.sends++
					traffic.writes += writes
					return timed(isIpset ? 'ipset' : 'netlink', () => doors.netlink.exchange(...call))
				},
			},
			files: {
				...doors.files,
				read: path => timed('files', () => doors.files.read(path)),
				write: (path, text) => timed('files', () => doors.files.write(path, text)),
			},
		},
	}
}

const noTraffic = () => ({
	sends: 0,
	writes: 0,
	processes: 0,
	milliseconds: {netlink: 0, ipset: 0, iptables: 0, programs: 0, files: 0},
})

const stageOfProgram = (program: string): DoorStage => {
	if (program.includes('ipset')) {
		return 'ipset'
	}
	return /ip6?tables/.test(program) ? 'iptables' : 'programs'
}
