export interface HeapKind {
	/** The constructor, or for a plain object its first fields; in brackets what is no object of JavaScript. */
	readonly kind: string
	readonly count: number
	readonly megabytes: number
}

interface Sum {
	readonly type: number
	readonly name: number
	count: number
	bytes: number
}

/** Types of nodes whose names say nothing: they are counted by type alone. */
const NAMELESS = new Set(['string', 'concatenated string', 'sliced string', 'number', 'bigint', 'symbol', 'code'])

/**
 * Adds up a heap snapshot of V8 (a JSON text in chunks) by kind of object while it comes, so that it need not be held.
 * The text begins with `{"snapshot":{"meta":{...},...},` and has the numbers of the nodes before the strings, one field
 * after the other as `meta.node_fields` names them.
 */
export class HeapTally {
	#part: 'head' | 'nodes' | 'skipped' | 'strings' = 'head'
	#text = ''
	#fields: readonly string[] = []
	#types: readonly string[] = []
	#node: number[] = []
	readonly #sums = new Map<number, Sum>()

	add(chunk: string): void {
		this.#text += chunk
		while (this.#step()) {
			// Each step takes one part of the text.
		}
	}

	/** The largest first. */
	end(): readonly HeapKind[] {
		const strings: readonly string[] = JSON.parse(this.#text.slice(0, this.#text.lastIndexOf(']') + 1))
		const byKind = new Map<string, {count: number; bytes: number}>()
		for (const {type, name, count, bytes} of this.#sums.values()) {
			const kind = kindOf(this.#types[type] ?? '', strings[name] ?? '')
			const sum = byKind.get(kind) ?? {count: 0, bytes: 0}
			byKind.set(kind, {count: sum.count + count, bytes: sum.bytes + bytes})
		}
		return [...byKind]
			.map(([kind, {count, bytes}]) => ({kind, count, megabytes: bytes / 1e6}))
			.toSorted((a, b) => b.megabytes - a.megabytes)
	}

	/** Whether there may be more to take of the text that is here. */
	#step(): boolean {
		switch (this.#part) {
			case 'head':
				return this.#takeHead()
			case 'nodes':
				return this.#takeNodes()
			case 'skipped':
				return this.#skip()
			default:
				return false
		}
	}

	#takeHead(): boolean {
		const mark = '"nodes":['
		const at = this.#text.indexOf(mark)
		if (at < 0) {
			return false
		}
		const meta = /"meta":(\{.*?\}),"node_count"/s.exec(this.#text)?.[1]
		const {node_fields: fields, node_types: types} = JSON.parse(meta ?? '{}')
		this.#fields = fields
		this.#types = types[0]
		this.#text = this.#text.slice(at + mark.length)
		this.#part = 'nodes'
		return true
	}

	#takeNodes(): boolean {
		const end = this.#text.indexOf(']')
		// A number may go on in the next chunk.
		const until = end >= 0 ? end : this.#text.lastIndexOf(',')
		for (const number of this.#text.slice(0, Math.max(until, 0)).split(',')) {
			if (number.trim() !== '') {
				this.#takeNumber(Number(number))
			}
		}
		this.#text = this.#text.slice(Math.max(until, 0) + (until >= 0 ? 1 : 0))
		this.#part = end >= 0 ? 'skipped' : 'nodes'
		return end >= 0
	}

	#takeNumber(number: number): void {
		this.#node.push(number)
		if (this.#node.length < this.#fields.length) {
			return
		}
		const of = (field: string) => this.#node[this.#fields.indexOf(field)] ?? 0
		const [type, bytes] = [of('type'), of('self_size')]
		const name = NAMELESS.has(this.#types[type] ?? '') ? 0 : of('name')
		const key = name * this.#types.length + type
		const sum = this.#sums.get(key) ?? {type, name, count: 0, bytes: 0}
		sum.count++
		sum.bytes += bytes
		this.#sums.set(key, sum)
		this.#node = []
	}

	#skip(): boolean {
		const mark = '"strings":'
		const at = this.#text.indexOf(mark)
		this.#text = at >= 0 ? this.#text.slice(at + mark.length) : this.#text.slice(-mark.length)
		this.#part = at >= 0 ? 'strings' : 'skipped'
		return at >= 0
	}
}

const kindOf = (type: string, name: string): string =>
	type === 'object' || type === 'closure' || type === 'native'
		? `${name || '(no name)'}${type === 'object' ? '' : ` (${type})`}`
		: `(${[type, NAMELESS.has(type) ? '' : name].filter(Boolean).join(': ')})`
