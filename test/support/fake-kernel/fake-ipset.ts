import type {ExecResult} from '../../../src/kernel/doors.ts'
import {SyntaxTrouble} from './ipset-entries.ts'
import {type FakeEntry, type FakeSet, IpsetTable, MISSING_SET} from './ipset-table.ts'

interface PendingEntry {
	readonly line: number
	readonly verb: 'add' | 'del'
	readonly name: string
	/** A RangeError for one that ipset reads, but that the kernel does not take. */
	readonly entry: FakeEntry | RangeError
}

/** The whole of a message of ipset. */
class Complaint extends Error {}

/**
 * `ipset save`, with or without a name, `list -n` and `restore -exist` on stdin. Like the real one, restore gathers lines that add to or
 * delete from one set and sends them together: an entry that it cannot read, or of a set that is not there, takes the
 * gathered ones with it.
 */
export class FakeIpset {
	readonly #table: IpsetTable

	/** `isUsed` tells whether a rule names the set. */
	constructor(isUsed: (name: string) => boolean) {
		this.#table = new IpsetTable(isUsed)
	}

	get sets(): Map<string, FakeSet> {
		return this.#table.sets
	}

	/** Restores this text as some other program would. */
	load(text: string): void {
		const {exitCode, stderr} = this.#restore(text)
		if (exitCode !== 0) {
			throw new Error(stderr)
		}
	}

	run(args: readonly string[], stdin: string): ExecResult {
		switch (args[0]) {
			case 'save':
				return ok(this.save(args[1]))
			case 'list':
				return ok([...this.sets.keys()].map(name => `${name}\n`).join(''))
			case 'restore':
				return args.includes('-exist') ? this.#restore(stdin) : failed('the fake knows restore with -exist only')
			default:
				return failed(`No command specified: unknown argument ${args[0]}`, 2)
		}
	}

	/** All sets, or one. */
	save(only?: string): string {
		const shown = [...this.sets].filter(([name]) => only === undefined || name === only)
		const lines = shown.flatMap(([name, {type, isIPv6, maxElements, hasMarks, entries}]) => [
			type === 'bitmap:port'
				? `create ${name} ${type} range 0-65535`
				: `create ${name} ${type} family ${isIPv6 ? 'inet6' : 'inet'} hashsize 1024 maxelem ${maxElements}${hasMarks ? ' skbinfo' : ''} ${TAIL}`,
			...[...entries].map(([element, mark]) => `add ${name} ${element}${mark}`),
		])
		return lines.map(line => `${line}\n`).join('')
	}

	#restore(text: string): ExecResult {
		const pending: PendingEntry[] = []
		for (const [at, line] of text.split('\n').entries()) {
			try {
				this.#restoreLine(at + 1, line, pending)
			} catch (error) {
				return explain(error, at + 1)
			}
		}
		try {
			this.#send(pending)
		} catch (error) {
			return explain(error, 0)
		}
		return ok('')
	}

	#restoreLine(number: number, line: string, pending: PendingEntry[]): void {
		const [verb = '', name = '', ...rest] = line.trim().split(/\s+/)
		const isEntry = verb === 'add' || verb === 'del'
		if (isEntry) {
			refuse(number, this.sets.has(name) ? undefined : MISSING_SET)
			const entry = this.#read(verb, name, rest)
			if (pending[0]?.verb !== verb || pending[0].name !== name) {
				this.#send(pending)
			}
			pending.push({line: number, verb, name, entry})
		} else {
			this.#send(pending)
			refuse(number, this.#table.command(verb, name, rest))
		}
	}

	/** What was gathered goes to the kernel, which takes it line by line. */
	#send(pending: PendingEntry[]): void {
		for (const {line, verb, name, entry} of pending.splice(0)) {
			refuse(line, entry instanceof RangeError ? entry.message : this.#table.change(verb, name, entry))
		}
	}

	/** A line that deletes takes no mark. */
	#read(verb: string, name: string, [text = '', ...options]: readonly string[]): FakeEntry | RangeError {
		try {
			return verb === 'del' && options.length > 0 ? unknownArgument(options) : this.#table.read(name, text, options)
		} catch (error) {
			if (error instanceof RangeError) {
				return error
			}
			throw error
		}
	}
}

const unknownArgument = ([option]: readonly string[]): never => {
	throw new SyntaxTrouble(`Unknown argument: \`${option}'`)
}

const TAIL = 'bucketsize 12 initval 0x9903b5f0'

const refuse = (line: number, why: string | undefined): void => {
	if (why !== undefined) {
		throw new Complaint(`Error in line ${line}: ${why}`)
	}
}

const ok = (stdout: string): ExecResult => ({exitCode: 0, stdout, stderr: ''})

const failed = (words: string, exitCode = 1): ExecResult => ({exitCode, stdout: '', stderr: `ipset v7.17: ${words}\n`})

const explain = (error: unknown, line: number): ExecResult => {
	if (error instanceof SyntaxTrouble) {
		// A number out of range is complained about twice, and then the line is not named.
		const isNamed = !error.message.includes('out of range')
		return failed(`${isNamed ? `Error in line ${line}: ` : ''}Syntax error: ${error.message}`)
	}
	if (error instanceof Complaint) {
		return failed(error.message)
	}
	throw error
}
