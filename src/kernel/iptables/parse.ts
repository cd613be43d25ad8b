import type {Rule, SavedTables, TableName} from '../../state/iptables.ts'

/** The output of iptables-save: all chains with their rules, counters left out. */
export const parseSave = (text: string): SavedTables => {
	const tables = new Map<TableName, Map<string, Rule[]>>()
	let chains: Map<string, Rule[]> | undefined
	for (const line of text.split('\n')) {
		const [verb = '', name = ''] = line.split(' ', 2)
		if (verb.startsWith('*')) {
			chains = new Map()
			tables.set(verb.slice(1) as TableName, chains)
		} else if (verb.startsWith(':')) {
			chains?.set(verb.slice(1), [])
		} else if (verb === '-A') {
			chains?.get(name)?.push(line.slice(`-A ${name} `.length).trimEnd())
		}
	}
	return tables
}
