import type {Result} from '../result.ts'
import type {Plot, Series} from './plot.ts'

/** One change, and a cold sync, over the number of Services, against the peers; with as many endpoints as the first run. */
export const plotsOf = (all: readonly Result[]): readonly Plot[] => {
	const runs = all.filter(({endpoints}) => endpoints === all[0]?.endpoints)
	const series = (name: string, secondsOf: (run: Result) => number | undefined, isOwn = false): Series => ({
		name,
		isOwn,
		points: runs
			.flatMap(run => {
				const y = secondsOf(run)
				return y === undefined ? [] : [{x: run.services, y}]
			})
			.toSorted((a, b) => a.x - b.x),
	})
	return [
		{
			title: 'One endpoint changed: until the kernel has it',
			series: [
				series('kube-lvs', ({change}) => change && change.medianMs / 1000, true),
				series('99 of 100', ({change}) => change && change.p99Ms / 1000),
				series('keepalived', ({keepalived}) => keepalived?.reloadSeconds),
			],
		},
		{
			title: 'Cold sync: from nothing to everything',
			series: [
				series('kube-lvs', ({coldSync}) => coldSync?.seconds, true),
				series('floor', ({floor}) => floor?.seconds),
				series('keepalived', ({keepalived}) => keepalived?.loadSeconds),
				series('ipvsadm and ip', ({ipvsadm}) => ipvsadm?.seconds),
			],
		},
	]
}
