import {Session} from 'node:inspector/promises'
import {makeObjects, type Size} from '../objects.ts'
import {type HeapKind, HeapTally} from './heap-tally.ts'
import {NO_AUDIT, openSynced} from './own-node.ts'

export interface Heap {
	/** Of all objects that are reachable, in MB. */
	readonly totalMb: number
	/** The kinds that take the most. */
	readonly kinds: readonly HeapKind[]
}

const SHOWN = 25

/** What the heap holds when everything is synced, by kind of object; the sizes are those of the objects themselves. */
export const measureHeap = async (size: Size): Promise<Heap> => {
	const node = await openSynced(makeObjects(size), {auditInterval: NO_AUDIT})
	const session = new Session()
	session.connect()
	const tally = new HeapTally()
	session.on('HeapProfiler.addHeapSnapshotChunk', ({params}) => tally.add(params.chunk))
	await session.post('HeapProfiler.takeHeapSnapshot', {reportProgress: false})
	session.disconnect()
	await node.close()
	const kinds = tally.end()
	const totalMb = kinds.reduce((sum, {megabytes}) => sum + megabytes, 0)
	return {totalMb, kinds: kinds.slice(0, SHOWN)}
}
