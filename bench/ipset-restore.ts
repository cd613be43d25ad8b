import {PROTOCOL_NUMBERS, type Protocol} from '../src/net/protocol.ts'
import type {SetDefinition, SetEntry} from '../src/state/ipset.ts'
import type {BenchState} from './state.ts'

/** Lines for `ipset restore` that make the sets. */
export const renderSets = ({members}: BenchState): string => lines(members.map(({definition}) => create(definition)))

/** Those that fill them. */
export const renderMembers = ({members}: BenchState): string =>
	lines(members.flatMap(({definition: {name}, entries}) => entries.map(entry => `add ${name} ${byNumber(entry)}`)))

const create = ({name, type, family, maxElements, hasMarks}: SetDefinition): string => {
	const size =
		type === 'bitmap:port'
			? 'range 0-65535'
			: `family ${family === 'ipv4' ? 'inet' : 'inet6'} hashsize 1024 maxelem ${maxElements}`
	return `create ${name} ${type} ${size}${hasMarks ? ' skbinfo' : ''}`
}

/** ipset looks up the name of a protocol in a file for each line; with numbers it is four times as fast. */
const byNumber = (entry: SetEntry): string =>
	entry.replace(/(tcp|udp|sctp):/, (_, name: Protocol) => `${PROTOCOL_NUMBERS[name]}:`)

const lines = (all: readonly string[]): string => all.map(line => `${line}\n`).join('')
