import {copyTable, type FakeTable, type FakeTables, newTable, setsOf, targetOf} from './iptables-tables.ts'

/** Extensions that are targets without being chains. */
const TARGETS = new Set(
	'ACCEPT DROP RETURN QUEUE REJECT MASQUERADE MARK CONNMARK SET TCPMSS LOG DNAT SNAT REDIRECT NOTRACK CT TPROXY'.split(
		' ',
	),
)

/** A line that cannot be read ends with status 2, one that the kernel refuses with status 1. */
export class RestoreTrouble extends Error {
	readonly exitCode: number

	constructor(message: string, exitCode: number) {
		super(message)
		this.exitCode = exitCode
	}
}

/**
 * `iptables-restore --noflush` of this text: each table is taken over whole at its COMMIT or not at all; tables that
 * were committed before a mistake stay (tried with both back ends). Throws a RestoreTrouble.
 */
export const restoreTables = (tables: FakeTables, text: string, hasSet: (name: string) => boolean): void => {
	let name: string | undefined
	let work: FakeTable | undefined
	for (const [at, line] of text.split('\n').entries()) {
		if (line.startsWith('*')) {
			name = line.slice(1)
			const known = tables.get(name)
			work = known ? copyTable(known) : newTable(name)
			refuseUnless(work, `unable to initialize table '${name}'`)
		} else if (line === 'COMMIT' && name !== undefined && work) {
			tables.set(name, work)
			work = undefined
		} else if (line !== '' && !line.startsWith('#')) {
			applyLine(work, line, at + 1, hasSet)
		}
	}
	refuseUnless(!work, `COMMIT expected at line ${text.split('\n').length}`)
}

const refuseUnless = (condition: unknown, message: string): void => {
	if (!condition) {
		throw new RestoreTrouble(message, 1)
	}
}

const applyLine = (
	table: FakeTable | undefined,
	line: string,
	number: number,
	hasSet: (name: string) => boolean,
): void => {
	const failed = `line ${number} failed`
	if (!table) {
		throw new RestoreTrouble(failed, 1)
	}
	if (line.startsWith(':')) {
		declare(table, line)
		return
	}
	const [, verb, chain = '', rule = ''] = /^(-\w) (\S+) ?(.*)$/.exec(line) ?? []
	check(table, rule, number, hasSet)
	refuseUnless(table.has(chain), failed)
	refuseUnless(change(table, verb ?? line, chain, rule), failed)
}

/** Creates or empties a chain; a built-in one keeps its rules and gets the policy. */
const declare = (table: FakeTable, line: string): void => {
	const [name = '', policy = '-'] = line.slice(1).split(' ')
	const known = table.get(name)
	if (known && known.policy !== '-') {
		known.policy = policy === '-' ? known.policy : policy
	} else {
		table.set(name, {policy: '-', rules: []})
	}
}

const check = (table: FakeTable, rule: string, line: number, hasSet: (name: string) => boolean): void => {
	const missing = setsOf(rule).find(set => !hasSet(set))
	const target = targetOf(rule)
	const trouble =
		missing !== undefined
			? `Set ${missing} doesn't exist.`
			: target !== undefined && !TARGETS.has(target) && !table.has(target)
				? `Couldn't load target \`${target}':No such file or directory`
				: undefined
	if (trouble) {
		throw new RestoreTrouble(`${trouble}\n\nError occurred at line: ${line}`, 2)
	}
}

/** False for what the kernel refuses. */
const change = (table: FakeTable, verb: string, chain: string, rule: string): boolean => {
	const {policy = '-', rules = []} = table.get(chain) ?? {}
	switch (verb) {
		case '-A':
			rules.push(rule)
			return true
		case '-I':
			rules.unshift(rule)
			return true
		case '-D':
			return rules.includes(rule) && rules.splice(rules.indexOf(rule), 1).length === 1
		case '-F':
			rules.length = 0
			return true
		case '-X':
			return policy === '-' && rules.length === 0 && !isJumpedTo(table, chain) && table.delete(chain)
		default:
			return false
	}
}

const isJumpedTo = (table: FakeTable, chain: string): boolean =>
	[...table.values()].some(({rules}) => rules.some(rule => targetOf(rule) === chain))
