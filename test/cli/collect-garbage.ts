import {getHeapSpaceStatistics, getHeapStatistics} from 'node:v8'
import {collectGarbage} from '../../src/cli/collect-garbage.ts'

/*
 * A process of its own, because it changes the heap's limits: writes the megabytes that V8 has for new objects and for all,
 * after much work, and after as much work behind `collectGarbage`.
 */

const sizes = () => ({
	young: (getHeapSpaceStatistics().find(space => space.space_name === 'new_space')?.space_size ?? 0) / 1e6,
	all: getHeapStatistics().total_heap_size / 1e6,
})

/** Objects that live for a while, so that V8 takes more room for new ones, and then are garbage among the old ones. */
const work = () => {
	const alive: object[] = []
	let largest = sizes()
	for (let number = 0; number < 3_000_000; number++) {
		alive[number % 100_000] = {number, list: [number]}
		if (number % 100_000 === 0) {
			const {young, all} = sizes()
			largest = {young: Math.max(young, largest.young), all: Math.max(all, largest.all)}
		}
	}
	return largest
}

const before = work()
collectGarbage()
console.log(JSON.stringify({before, after: work()}))
