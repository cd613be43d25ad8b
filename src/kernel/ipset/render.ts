import {PROTOCOL_NUMBERS, type Protocol} from '../../net/protocol.ts'
import {elementOf, type SetDefinition, type SetEntry} from '../../state/ipset.ts'
import type {IpsetOperation} from './client.ts'

/** The line of `ipset restore` for each operation, in their order. */
export const renderRestore = (operations: readonly IpsetOperation[]): readonly string[] =>
	operations.map(renderOperation)

const renderOperation = (operation: IpsetOperation): string => {
	switch (operation.kind) {
		case 'create-set':
			return renderCreate(operation.definition, operation.definition.name)
		case 'replace-set':
			return operation.unlike
				? renderAnew(operation.definition, operation.entries)
				: renderReplace(operation.definition, operation.entries)
		case 'destroy-set':
			return `destroy ${operation.name}`
		case 'add-set-entry':
			return `add ${operation.definition.name} ${renderEntry(operation.entry)}`
		case 'delete-set-entry':
			return `del ${operation.definition.name} ${renderEntry(elementOf(operation.entry))}`
		default:
			return operation satisfies never
	}
}

const renderCreate = ({type, family, maxElements, hasMarks}: SetDefinition, name: string): string => {
	const inet = family === 'ipv4' ? 'inet' : 'inet6'
	const size = type === 'bitmap:port' ? 'range 0-65535' : `family ${inet} hashsize 1024 maxelem ${maxElements}`
	return `create ${name} ${type} ${size}${hasMarks ? ' skbinfo' : ''}`
}

/**
 * Filled beside the old one and swapped in, so that no rule ever sees a set that lacks a member. What an earlier run
 * that was cut short left behind goes first; with `-exist` that succeeds where there is nothing.
 */
const renderReplace = (definition: SetDefinition, entries: readonly SetEntry[]): string =>
	[
		`destroy ${TEMPORARY}`,
		renderCreate(definition, TEMPORARY),
		...entries.map(entry => `add ${TEMPORARY} ${renderEntry(entry)}`),
		`swap ${TEMPORARY} ${definition.name}`,
		`destroy ${TEMPORARY}`,
	].join('\n')

/** Only sets of one type and family can be swapped. */
const renderAnew = (definition: SetDefinition, entries: readonly SetEntry[]): string =>
	[
		`destroy ${definition.name}`,
		renderCreate(definition, definition.name),
		...entries.map(entry => `add ${definition.name} ${renderEntry(entry)}`),
	].join('\n')

const TEMPORARY = 'KUBE-LVS-NEXT'

/** Protocols as numbers: four times faster, because ipset looks every name up in a file. */
const renderEntry = (entry: SetEntry): string =>
	entry.replace(/(tcp|udp|sctp):/, (_, name: Protocol) => `${PROTOCOL_NUMBERS[name]}:`)
