import {type LineError, parseTable} from '../ipvsadm/parse.ts'
import {type Addition, planRestore} from '../ipvsadm/restore.ts'
import type {IpvsClient} from '../kernel/ipvs/client.ts'
import {tryOut} from '../kernel/ipvs/trial.ts'
import type {MessageResult} from '../kernel/netlink/batch.ts'
import {errnoName} from '../kernel/netlink/netlink-error.ts'
import {formatObject} from '../plan/format-operation.ts'
import type {ActualState} from '../state/node-state.ts'
import {Failure} from './failure.ts'
import {printable} from './output.ts'

/** How many of a table were added, and were there. */
export interface Restored {
	readonly virtualServers: number
	readonly realServers: number
	readonly present: number
}

/**
 * Adds a table to what is there. Fails before anything is changed when a line says nothing that can be done, contradicts
 * what is there, or needs a scheduler or an engine that the kernel does not have; fails at the end when the kernel has
 * refused a line nevertheless.
 */
export const restoreTable = async (ipvs: IpvsClient, text: string): Promise<Restored> => {
	const {lines, errors} = parseTable(text)
	demandNone(errors)
	const {virtualServers} = await ipvs.read()
	const {additions, present, errors: conflicts} = planRestore(lines, virtualServers)
	demandNone(conflicts)
	demandNone(await findLacking(ipvs, additions, virtualServers))
	const results = await ipvs.apply(additions.map(({operation}) => operation))
	const failures = additions.flatMap((addition, at) => failureOf(addition, results[at] ?? 'lost'))
	if (failures.length > 0) {
		throw new Failure(
			`${failures.length} of ${additions.length} lines failed, the others are done:\n${format(failures)}`,
		)
	}
	const count = (kind: string) => additions.filter(({operation}) => operation.kind === kind).length
	return {virtualServers: count('add-virtual-server'), realServers: count('add-real-server'), present}
}

const demandNone = (errors: readonly LineError[]): void => {
	if (errors.length > 0) {
		throw new Failure(`nothing was restored:\n${format(errors)}`)
	}
}

/** More would only hide the first. */
const MOST_SHOWN = 20

const format = (errors: readonly LineError[]): string =>
	[
		...errors.slice(0, MOST_SHOWN).map(({line, reason}) => `  line ${line}: ${printable(reason)}`),
		...(errors.length > MOST_SHOWN ? [`  and ${errors.length - MOST_SHOWN} more`] : []),
	].join('\n')

/** Schedulers and engines that the kernel does not have, each once: the first line that needs it. */
const findLacking = async (
	ipvs: IpvsClient,
	additions: readonly Addition[],
	present: ActualState['virtualServers'],
): Promise<readonly LineError[]> => {
	const first = new Map<string, Addition>()
	for (const addition of additions) {
		const {scheduler, persistence} = addition.operation.server
		const name = `${scheduler} ${persistence?.engine ?? ''}`
		if (addition.operation.kind === 'add-virtual-server' && !first.has(name)) {
			first.set(name, addition)
		}
	}
	const errors: LineError[] = []
	for (const {line, operation} of first.values()) {
		const {scheduler, persistence: {engine} = {}} = operation.server
		const persistence = engine === undefined ? undefined : {timeoutSeconds: 60, prefixLength: 32, engine}
		const code = await tryOut(ipvs, {scheduler, persistence}, present)
		if (code !== undefined) {
			errors.push({line, reason: code === 'ENOENT' ? explainLacking(scheduler, engine) : `-s ${scheduler}: ${code}`})
		}
	}
	return errors
}

const explainLacking = (scheduler: string, engine: string | undefined): string =>
	engine === undefined
		? `-s: the kernel has no scheduler ${scheduler}; its module would be ip_vs_${scheduler}`
		: `-s, --pe: the kernel has no scheduler ${scheduler} or no engine ${engine}; their modules would be ip_vs_${scheduler} and ip_vs_pe_${engine}`

const failureOf = ({line, operation}: Addition, result: MessageResult): readonly LineError[] => {
	if (result === 0) {
		return []
	}
	const reason = result === 'lost' ? 'the answer of the kernel got lost' : errnoName(result)
	return [{line, reason: `${operation.kind} ${formatObject(operation)}: ${reason}`}]
}
