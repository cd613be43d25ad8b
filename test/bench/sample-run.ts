import type {Change} from '../../bench/own/change.ts'
import type {RawRun} from '../../bench/raw-results.ts'

const change = (operations: number): Change => ({
	medianMs: 5,
	p99Ms: 9.5,
	cpuMs: 4,
	operations: operations * 200,
	neededOperations: operations * 200,
	changes: 200,
	sends: 3,
	processes: 0,
	kinds: {},
})

/** Every measurement, with numbers that grow with the size. */
export const sampleRun = (services: number): RawRun => {
	const seconds = services / 1000
	return {
		services,
		endpoints: 5,
		failures: {},
		results: {
			'cold-sync': {
				seconds,
				operations: services * 10,
				kinds: {},
				sends: 40,
				processes: 4,
				doors: {netlink: seconds * 300, ipset: 0, iptables: 0, programs: 0, files: 0},
				rssMb: {start: 50, objects: 60, synced: 80},
			},
			'cold-sync-profile': {desired: 0.5, plan: 0.5},
			floor: {
				seconds: seconds / 2,
				ipvsSeconds: seconds / 4,
				vipSeconds: seconds / 8,
				ipsetSeconds: seconds / 8,
				netlinkSeconds: seconds / 2.5,
				messages: services * 7,
				sends: 40,
			},
			ipvsadm: {
				seconds: seconds * 10,
				ipvsadmSeconds: seconds * 6,
				ipBatchSeconds: seconds * 3,
				ipsetSeconds: seconds,
			},
			keepalived: {loadSeconds: seconds * 4, reloadSeconds: seconds * 5, rssMb: 100},
			changes: {
				endpoint: change(3),
				localEndpoint: change(5),
				added: change(10),
				removed: change(10),
				minSyncIntervalMs: 100,
			},
			audit: {seconds: 0.2, operations: 0, maxWaitMs: 20, maxLatencyMs: 30, maxBlockedMs: 25},
			churn: {
				seconds: 60,
				rate: 100,
				reachedRate: 100,
				medianMs: 60,
				p99Ms: 150,
				maxBacklog: 14,
				cpu: 0.2,
				syncs: 500,
			},
			heap: {totalMb: 30, kinds: [{kind: 'Object', count: 10, megabytes: 3}]},
			process: {
				startup: {firstSyncMs: seconds * 2000, apiServerCpuMs: 100, operations: services * 10},
				memory: {
					rssMb: 120,
					peakMb: 130,
					churn: {seconds: 600, rssMb: 121, growthPercent: 0.5, samplesMb: [120, 121]},
				},
				restart: {firstSyncMs: seconds * 1500, operations: 0},
			},
		},
	}
}
