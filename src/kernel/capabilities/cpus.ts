import {availableParallelism} from 'node:os'
import type {FilesDoor} from '../doors.ts'

/**
 * The CPUs of the node. What Node.js counts is what this process may use, which a limit of its container lowers: it is
 * asked only where sysfs does not tell.
 */
export const countCpus = async (files: FilesDoor): Promise<number> => {
	const text = await files.read('/sys/devices/system/cpu/online').catch(() => undefined)
	return countList(text ?? '') || availableParallelism()
}

/** `0-3,8` is 5; 0 for what is no such list. */
const countList = (text: string): number => {
	const ranges = text.trim().split(',')
	const counts = ranges.map(range => {
		const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? []
		return first === undefined ? 0 : Number(last ?? first) - Number(first) + 1
	})
	return counts.every(count => count > 0) ? counts.reduce((sum, count) => sum + count) : 0
}
