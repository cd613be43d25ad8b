import type {Family} from '../net/address.ts'

export type TableName = 'nat' | 'filter' | 'mangle'

/** The text of a rule behind `-A CHAIN`, exactly as iptables-save writes it. */
export type Rule = string

/** A chain that is ours wholly. */
export interface Chain {
	readonly table: TableName
	readonly name: string
	readonly rules: readonly Rule[]
}

/** One rule of ours in a chain that is everybody's; `rule` identifies it. Missing ones are inserted at the top. */
export interface Jump {
	readonly table: TableName
	readonly parent: string
	readonly rule: Rule
}

/** All that is ours in the tables of one family. */
export interface Ruleset {
	readonly family: Family
	readonly chains: readonly Chain[]
	/** Inserted in this order when missing, so that the last one of a parent ends up first in it. */
	readonly jumps: readonly Jump[]
}

/** What iptables-save showed of one family: every chain with its rules, foreign ones included. */
export type SavedTables = ReadonlyMap<TableName, ReadonlyMap<string, readonly Rule[]>>

export const hasRule = (saved: SavedTables | undefined, {table, parent, rule}: Jump): boolean =>
	saved?.get(table)?.get(parent)?.includes(rule) ?? false

/** The jump as often as it stands there: others may have made it, too. */
export const copiesOf = (saved: SavedTables | undefined, jump: Jump): readonly Jump[] =>
	(saved?.get(jump.table)?.get(jump.parent) ?? []).filter(rule => rule === jump.rule).map(() => jump)

/** The chain stands in the kernel with exactly these rules. */
export const hasChain = (saved: SavedTables | undefined, chain: Chain): boolean => {
	const rules = saved?.get(chain.table)?.get(chain.name)
	return rules?.length === chain.rules.length && chain.rules.every((rule, at) => rule === rules[at])
}

/** Where a rule goes: the target of its `-j` or `-g`; undefined for one that only counts. */
export const targetOf = (rule: Rule): string | undefined =>
	/(?:^| )-[jg] (\S+)/.exec(rule.replace(/"(?:\\.|[^"\\])*"/g, '""'))?.[1]

/**
 * Those of these chains that stand in the kernel and can go together with the jumps: a chain that any other rule leads
 * to has to stay, and so have all that it leads to.
 */
export const removableChains = (saved: SavedTables | undefined, {chains, jumps}: Ruleset): readonly Chain[] => {
	const going = new Map(
		chains.filter(({table, name}) => saved?.get(table)?.has(name)).map(chain => [keyOf(chain), chain]),
	)
	const jumpKeys = new Set(jumps.map(({table, parent, rule}) => `${table} ${parent} ${rule}`))
	const stay = (table: TableName, rules: readonly Rule[]): void => {
		for (const rule of rules) {
			const name = targetOf(rule) ?? ''
			if (going.delete(`${table} ${name}`)) {
				stay(table, saved?.get(table)?.get(name) ?? [])
			}
		}
	}
	const doomed = new Set(going.keys())
	for (const [table, present] of saved ?? []) {
		for (const [parent, rules] of present) {
			if (!doomed.has(`${table} ${parent}`)) {
				stay(
					table,
					rules.filter(rule => !jumpKeys.has(`${table} ${parent} ${rule}`)),
				)
			}
		}
	}
	return [...going.values()]
}

const keyOf = ({table, name}: Chain): string => `${table} ${name}`
