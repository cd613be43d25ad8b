import {TextBuffer} from './text-buffer.ts'

const NEWLINE = 0x0a

export interface LineSplitter {
	/** The lines that this chunk completes, without their ends; throws a RangeError when a line outgrows the limit. */
	readonly push: (chunk: Uint8Array) => string[]
	/** Bytes of a line that has begun and not ended: not 0 at the end of a stream means that it was cut. */
	readonly pending: () => number
}

/** Bytes to lines of UTF-8. */
export const createLineSplitter = (limit: number): LineSplitter => {
	const line = new TextBuffer(limit)
	const push = (chunk: Uint8Array): string[] => {
		const lines: string[] = []
		let start = 0
		for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
			line.add(chunk.subarray(start, end))
			lines.push(line.take())
			start = end + 1
		}
		line.add(chunk.subarray(start))
		return lines
	}
	return {push, pending: () => line.size}
}
