import type {Chain, Jump, Ruleset, TableName} from '../../state/iptables.ts'

const TABLES = ['mangle', 'nat', 'filter'] as const satisfies readonly TableName[]

/**
 * The text for `iptables-restore --noflush`: naming a chain empties just this one, so other chains and rules stay. The
 * missing jumps go to the top of their parents.
 */
export const renderRestore = (ruleset: Ruleset, missing: readonly Jump[]): string =>
	renderTables(table => {
		const chains = ruleset.chains.filter(chain => chain.table === table)
		return [
			...chains.map(declare),
			...chains.flatMap(({name, rules}) => rules.map(rule => `-A ${name} ${rule}`)),
			...missing.filter(jump => jump.table === table).map(({parent, rule}) => `-I ${parent} ${rule}`),
		]
	})

/** Removes the jumps and chains: jumps first, chains emptied before the first is deleted. */
export const renderRemoval = (jumps: readonly Jump[], chains: readonly Chain[]): string =>
	renderTables(table => {
		const ours = chains.filter(chain => chain.table === table)
		return [
			...ours.map(declare),
			...jumps.filter(jump => jump.table === table).map(({parent, rule}) => `-D ${parent} ${rule}`),
			...ours.map(({name}) => `-X ${name}`),
		]
	})

const declare = ({name}: Chain): string => `:${name} - [0:0]`

const renderTables = (linesOf: (table: TableName) => readonly string[]): string =>
	TABLES.map(table => ({table, lines: linesOf(table)}))
		.filter(({lines}) => lines.length > 0)
		.map(({table, lines}) => [`*${table}`, ...lines, 'COMMIT', ''].join('\n'))
		.join('')
