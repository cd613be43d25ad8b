import {callerIn} from './caller.ts'

/** How many elements functions have visited, by the line that asked for them. */
export type Visits = Map<string, number>

type Method = (this: unknown, ...args: never[]) => unknown
type Counter = (elements: number) => void

/**
 * Counts every element that the code of a folder visits in a Map, Set, array or JSON text while `run` runs. All ways to iterate are
 * replaced for that long: V8 then takes no short cut past them either, not in `new Map(map)` nor in `[...set]`.
 */
export const countVisits = async (run: () => Promise<void>, folder = '/src/'): Promise<Visits> => {
	const visits: Visits = new Map()
	let isRunning = false
	const counterHere = (): Counter => {
		const place = isRunning ? callerIn(folder) : undefined
		return elements => {
			if (place !== undefined && elements > 0) {
				visits.set(place, (visits.get(place) ?? 0) + elements)
			}
		}
	}
	const restore = replaceAll(counterHere)
	try {
		isRunning = true
		await run()
	} finally {
		isRunning = false
		restore()
	}
	return visits
}

const ITERATING = ['keys', 'values', 'entries', Symbol.iterator] as const
const COMBINING = [
	'union',
	'intersection',
	'difference',
	'symmetricDifference',
	'isSubsetOf',
	'isSupersetOf',
	'isDisjointFrom',
] as const
/** Those that call back for each element that they visit. */
const CALLING = [
	...['map', 'filter', 'flatMap', 'forEach', 'some', 'every', 'find', 'findIndex', 'findLast', 'findLastIndex'],
	...['reduce', 'reduceRight'],
] as const
/** Those that visit every element by themselves. */
const SCANNING = [
	...['includes', 'indexOf', 'lastIndexOf', 'join', 'flat', 'concat', 'sort', 'toSorted', 'reverse', 'toReversed'],
	...['fill', 'splice', 'toSpliced', 'shift', 'unshift', 'with'],
] as const

const replaceAll = (counterHere: () => Counter): (() => void) => {
	const undo: (() => void)[] = []
	const replace = (owner: object, names: readonly PropertyKey[], wrap: (original: Method) => Method) => {
		for (const name of names) {
			const before = Object.getOwnPropertyDescriptor(owner, name)
			if (before) {
				undo.push(() => Object.defineProperty(owner, name, before))
				Object.defineProperty(owner, name, {...before, value: wrap(before.value)})
			}
		}
	}
	const {iterating, combining, calling, scanning, listing, printing} = wrappers(counterHere)
	for (const owner of [Map.prototype, Set.prototype, Array.prototype]) {
		replace(owner, ITERATING, iterating)
	}
	replace(Map.prototype, ['forEach'], calling)
	replace(Set.prototype, ['forEach'], calling)
	replace(Set.prototype, COMBINING, combining)
	replace(Array.prototype, CALLING, calling)
	replace(Array.prototype, SCANNING, scanning)
	replace(Array.prototype, ['slice'], listing)
	replace(Object, ['keys', 'values', 'entries', 'getOwnPropertyNames'], listing)
	replace(String.prototype, ['split'], listing)
	replace(JSON, ['stringify'], printing)
	return () => {
		for (const step of undo) {
			step()
		}
	}
}

const wrappers = (counterHere: () => Counter) => ({
	iterating: (original: Method): Method =>
		function (...args) {
			return new CountingIterator(original.apply(this, args) as Iterator<unknown>, counterHere())
		},
	combining: (original: Method): Method =>
		function (...args) {
			counterHere()((this as Set<unknown>).size)
			return original.apply(this, args)
		},
	calling: (original: Method): Method =>
		function (...args) {
			const count = counterHere()
			const callback = args[0] as unknown as Method
			let calls = 0
			const counted: Method = function (...news) {
				calls++
				return callback.apply(this, news)
			}
			// In its place: what else there is stays where it is.
			args[0] = counted as never
			try {
				return original.apply(this, args)
			} finally {
				count(calls)
			}
		},
	scanning: (original: Method): Method =>
		function (...args) {
			counterHere()((this as unknown[]).length)
			return original.apply(this, args)
		},
	listing: (original: Method): Method =>
		function (...args) {
			const list = original.apply(this, args) as unknown[]
			counterHere()(list.length)
			return list
		},
	printing: (original: Method): Method =>
		function (...args) {
			const text = original.apply(this, args)
			counterHere()(typeof text === 'string' ? text.length : 0)
			return text
		},
})

class CountingIterator extends Iterator<unknown> {
	readonly #inner: Iterator<unknown>
	readonly #count: Counter

	constructor(inner: Iterator<unknown>, count: Counter) {
		super()
		this.#inner = inner
		this.#count = count
	}

	next(): IteratorResult<unknown> {
		const result = this.#inner.next()
		if (!result.done) {
			this.#count(1)
		}
		return result
	}
}
