import type {IpvsOperation} from '../plan/operation.ts'
import {
	isSameRealServer,
	isSameVirtualServer,
	type VirtualServer,
	type VirtualServerKey,
	type VirtualServerState,
	virtualServerKey,
} from '../state/ipvs.ts'
import {formatRealServer, formatVirtualServer} from './format.ts'
import type {Line, LineError} from './parse.ts'
import type {Entry} from './parse-line.ts'

/** What a line of a table does. */
export interface Addition {
	readonly line: number
	readonly operation: IpvsOperation
}

/** What it takes to add a table to what is there. */
export interface Restoration {
	/** Virtual servers first, wherever they stand in the table. */
	readonly additions: readonly Addition[]
	/** How many of the table are there already, exactly as it says. */
	readonly present: number
	/** What is there otherwise, stands twice, or has no virtual server; in the order of the lines. */
	readonly errors: readonly LineError[]
}

/** Compares a table with what the kernel holds, of which nothing is changed. */
export const planRestore = (lines: readonly Line[], actual: VirtualServers): Restoration => {
	const servers = new Map(
		lines.flatMap(({entry}) => (entry.kind === 'virtual-server' ? [[entry.server.key, entry.server]] : [])),
	)
	const firstLines = new Map<string, number>()
	const judged = lines.map(({line, entry}): Judgement => {
		const name = nameOf(entry)
		const first = firstLines.get(name) ?? line
		firstLines.set(name, first)
		return first === line ? judge({line, entry}, actual, servers) : {line, reason: `line ${first} says it already`}
	})
	const additions = judged.filter(item => 'operation' in item)
	return {
		additions: (['add-virtual-server', 'add-real-server'] as const).flatMap(kind =>
			additions.filter(({operation}) => operation.kind === kind),
		),
		present: judged.filter(item => 'isPresent' in item).length,
		errors: judged.filter(item => 'reason' in item),
	}
}

type VirtualServers = ReadonlyMap<VirtualServerKey, VirtualServerState>

type Judgement = Addition | LineError | {readonly isPresent: true}

/** Equal for lines that add the same object, whatever its settings. */
const nameOf = (entry: Entry): string =>
	entry.kind === 'virtual-server' ? entry.server.key : `${virtualServerKey(entry.listen)} -> ${entry.realServer.key}`

const judge = (
	{line, entry}: Line,
	actual: VirtualServers,
	servers: ReadonlyMap<VirtualServerKey, VirtualServer>,
): Judgement => {
	if (entry.kind === 'virtual-server') {
		const {server} = entry
		const present = actual.get(server.key)?.server
		return present
			? compare(line, isSameVirtualServer(present, server), formatVirtualServer(present))
			: {line, operation: {kind: 'add-virtual-server', server}}
	}
	const {listen, realServer} = entry
	const key = virtualServerKey(listen)
	const state = actual.get(key)
	const present = state?.realServers.get(realServer.key)
	if (present) {
		return compare(line, isSameRealServer(present, realServer), formatRealServer(listen, present))
	}
	const server = state?.server ?? servers.get(key)
	return server
		? {line, operation: {kind: 'add-real-server', server, realServer}}
		: {line, reason: `there is no virtual server ${key}, neither in the table nor in the kernel`}
}

const compare = (line: number, isSame: boolean, present: string): Judgement =>
	isSame ? {isPresent: true} : {line, reason: `it is there with other settings: ${present}`}
