import type {Config} from '../config/fields.ts'
import {fixedState, NO_NETWORKS} from '../desired/fixed.ts'
import {formatTable} from '../explain/table.ts'
import {readKernel} from '../kernel/kernel.ts'
import {formatProblem} from '../model/problem.ts'
import {findKubeProxy, formatLiveKubeProxy} from '../observe/find-kube-proxy.ts'
import type {LocalStatus} from '../observe/local-server.ts'
import {describeStatus, type Status, type VirtualServerStatus} from '../observe/status.ts'
import {formatForwarding} from '../plan/format-operation.ts'
import {findRunning} from './find-running.ts'
import {type OutputFormat, print} from './output.ts'
import {withNode} from './with-node.ts'

/** Prints what the kernel holds, beside the Services it comes from where a running kube-lvs tells. */
export const status = (config: Config, format: OutputFormat): Promise<number> =>
	withNode(config, {load: false}, async ({kernel}) => {
		const running = await findRunning(config)
		if (!running) {
			process.stderr.write('kube-lvs does not run on this node: the Services of virtual servers are not known\n')
		}
		const fixed = fixedState(config, NO_NETWORKS, kernel.facts)
		const actual = await readKernel(kernel, fixed.sysctls)
		const owners = new Map(Object.entries(running?.owners ?? {}))
		const described = {
			warnings: await warningsOf(running),
			problems: running?.problems ?? {items: [], more: 0},
			...describeStatus(actual, owners, fixed.claims),
		}
		print(format, described, () => [
			...described.warnings.flatMap(warning => [`WARNING: ${warning}`, '']),
			...formatProblems(described.problems),
			...formatStatus(described),
		])
		return 0
	})

/** Who else works on what is ours. Where nobody of us runs, a kube-proxy has every right to, and that is said, too. */
const warningsOf = async (running: LocalStatus | undefined): Promise<readonly string[]> => {
	if (running) {
		return running.warnings ?? []
	}
	const found = await findKubeProxy()
	return found ? [formatLiveKubeProxy(found)] : []
}

const formatProblems = ({items, more}: NonNullable<LocalStatus['problems']>): readonly string[] =>
	items.length === 0
		? []
		: ['PROBLEMS', ...items.map(formatProblem), ...(more > 0 ? [`and ${more} more, all of them in the log`] : []), '']

const formatStatus = ({virtualServers, vips, steering, sets, foreign}: Status): readonly string[] => [
	...formatServers(virtualServers),
	'',
	...formatTable(
		['VIP', 'BINDING'],
		vips.map(({address, binding}) => [address, binding]),
	),
	'',
	...(steering.length > 0 ? [`STEERING: ${steering.join(', ')}`, ''] : []),
	...formatTable(
		['SET', 'TYPE', 'MEMBERS'],
		sets.map(({name, type, members}) => [name, type, String(members)]),
	),
	...(foreign.virtualServers.length > 0
		? ['', 'FOREIGN, never changed:', ...formatServers(foreign.virtualServers)]
		: []),
	...(foreign.sets.length > 0 ? ['', `FOREIGN SETS, never changed: ${foreign.sets.join(', ')}`] : []),
]

const SERVER_HEADER = [
	'VIRTUAL SERVER',
	'SCHEDULER',
	'SERVICE',
	'REAL SERVER',
	'METHOD',
	'WEIGHT',
	'ACTIVE',
	'INACTIVE',
]

const formatServers = (servers: readonly VirtualServerStatus[]): readonly string[] =>
	formatTable(SERVER_HEADER, servers.flatMap(rowsOf))

/** A virtual server stands on the line of its first real server. */
const rowsOf = ({name, scheduler, persistenceSeconds, service, realServers}: VirtualServerStatus) => {
	const settings = persistenceSeconds === undefined ? scheduler : `${scheduler}, persistent ${persistenceSeconds}s`
	const own = [name, settings, service ?? '-']
	if (realServers.length === 0) {
		return [[...own, 'none']]
	}
	return realServers.map((real, at) => [
		...(at === 0 ? own : ['', '', '']),
		real.name,
		formatForwarding(real),
		...[real.weight, real.activeConnections, real.inactiveConnections].map(String),
	])
}
