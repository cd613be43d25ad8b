import {makeObjects, type Size} from '../objects.ts'
import type {Traffic} from './measured-doors.ts'
import {countOf, feed, openOwnNode} from './own-node.ts'
import {profiled, type Shares} from './profile.ts'

export interface ColdSync {
	readonly seconds: number
	readonly operations: number
	readonly kinds: Readonly<Record<string, number>>
	readonly sends: number
	readonly processes: number
	readonly doors: Traffic['milliseconds']
	/** Resident, in MB, before the objects came, with the objects, and after the sync. */
	readonly rssMb: {readonly start: number; readonly objects: number; readonly synced: number}
}

/** From objects in memory to the kernel's last acknowledgement. */
export const measureColdSync = async (size: Size): Promise<ColdSync> => {
	const node = await openOwnNode()
	const start = rss()
	feed(node.controller, makeObjects(size))
	const objects = rss()
	node.traffic()
	collectGarbage()
	const begun = performance.now()
	const first = node.next()
	node.start()
	const {operations, endedAt} = await first
	const {sends, processes, milliseconds} = node.traffic()
	const synced = rss()
	await node.close()
	return {
		seconds: (endedAt - begun) / 1000,
		operations: countOf(operations),
		kinds: operations,
		sends,
		processes,
		doors: milliseconds,
		rssMb: {start, objects, synced},
	}
}

/** The same once more, for its profile alone: to profile it makes it slower. */
export const profileColdSync = async (size: Size): Promise<Shares> => {
	const node = await openOwnNode()
	feed(node.controller, makeObjects(size))
	collectGarbage()
	const shares = await profiled(async () => {
		const first = node.next()
		node.start()
		await first
	})
	await node.close()
	return shares
}

/** That of the objects' making is not the sync's to collect. */
const collectGarbage = (): void => globalThis.gc?.()

const rss = (): number => process.memoryUsage.rss() / 1e6
