import {trimHeap} from '../../src/cli/trim-heap.ts'

/*
 * A process of its own, because it needs --expose-gc and a heap of its own: writes by how many bytes its resident memory
 * falls when the heap of C is trimmed, of which nearly all is free but the last piece.
 */

const PIECES = 500
const BYTES = 64 * 1024

/** Memory that is free, with one piece behind it that is not. */
const leaveBehind = (): Buffer | undefined => {
	const last = Array.from({length: PIECES}, () => Buffer.allocUnsafeSlow(BYTES).fill(1)).at(-1)
	globalThis.gc?.()
	// Buffers are freed beside, by a thread: the next collection waits for what the last one left to it.
	globalThis.gc?.()
	return last
}

// What it takes to call C is there before anything is measured.
await trimHeap()
const last = leaveBehind()
const before = process.memoryUsage.rss()
await trimHeap()
console.log(before - process.memoryUsage.rss())
if (last?.length !== BYTES) {
	throw new Error('the last piece is gone')
}
