import {isServedByOthers} from '../plan/leftovers.ts'
import type {Operation, OperationKind} from '../plan/operation.ts'
import {isOurs} from '../plan/ownership.ts'
import {SET_DEFINITIONS, setName} from '../state/ipset.ts'
import type {Ruleset} from '../state/iptables.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'
import type {Sysctl} from '../state/sysctl.ts'

/** Which service proxy has worked on this node, by what it left in the kernel. */
export type FormerProxy = 'kube-lvs' | 'kube-proxy in mode iptables' | 'kube-proxy in mode ipvs' | 'none'

/** One step of the first sync on a node, in words. */
export interface TakeoverStep {
	readonly title: string
	/** What it does, and what it leaves as it is. */
	readonly lines: readonly string[]
}

export interface TakeoverInput {
	readonly wanted: WantedState
	readonly actual: ActualState
	/** Of the first sync, in their order. */
	readonly plan: readonly Operation[]
	/** Settings that are set once at start, before it, and differ now. */
	readonly tuning: readonly Sysctl[]
}

export const findFormerProxy = (actual: ActualState): FormerProxy => {
	const {sets, hasDevice} = actual
	if (sets.has(setName('LVS-INSIDE', 'ipv4')) || sets.has(setName('LVS-INSIDE', 'ipv6'))) {
		return 'kube-lvs'
	}
	if (isServedByOthers(actual)) {
		return 'kube-proxy in mode iptables'
	}
	return hasDevice || [...sets.keys()].some(name => SET_DEFINITIONS.has(name)) ? 'kube-proxy in mode ipvs' : 'none'
}

/** The steps of the first sync, in their order; nothing is left out, also where it stays as it is. */
export const describeTakeover = (input: TakeoverInput): readonly TakeoverStep[] => [
	{title: 'kernel settings', lines: sysctlLines(input)},
	{title: 'device kube-ipvs0', lines: [input.actual.hasDevice ? 'is used further' : 'is created']},
	{title: 'sets', lines: setLines(input)},
	...(isLate(input) ? [] : [{title: 'rules', lines: ruleLines(input)}]),
	{title: 'virtual servers', lines: serverLines(input)},
	{title: 'VIPs', lines: vipLines(input)},
	...(isLate(input) ? [{title: 'rules', lines: ruleLines(input)}] : []),
	{title: 'leftovers of kube-proxy', lines: leftoverLines(input)},
	{title: 'foreign, never touched', lines: foreignLines(input)},
]

const isLate = ({plan}: TakeoverInput): boolean => plan.some(({kind}) => kind === 'take-over-rules')

const count = ({plan}: TakeoverInput, ...kinds: readonly OperationKind[]): number =>
	plan.filter(({kind}) => kinds.includes(kind)).length

/** `3 are added`; empty for none. */
const some = (number: number, words: string): readonly string[] => (number > 0 ? [`${number} ${words}`] : [])

const orNone = (lines: readonly string[], none: string): readonly string[] => (lines.length > 0 ? lines : [none])

const sysctlLines = ({plan, tuning, actual}: TakeoverInput): readonly string[] => {
	const settings = [
		...tuning,
		...plan.flatMap(operation => (operation.kind === 'set-sysctl' ? [operation.sysctl] : [])),
	]
	return orNone(
		settings.map(({path, value}) => `${path}: ${actual.sysctls.get(path) ?? 'unknown'} becomes ${value}`),
		'stay as they are',
	)
}

const setLines = (input: TakeoverInput): readonly string[] => {
	const {wanted, plan} = input
	const changed = plan.flatMap(operation =>
		operation.kind === 'create-set' || operation.kind === 'replace-set' ? [operation.definition.name] : [],
	)
	return [
		...some(wanted.fixed.sets.size - changed.length, 'are used further'),
		...some(count(input, 'create-set'), 'are created'),
		...some(count(input, 'replace-set'), 'are replaced by larger ones or ones of the right type'),
		...some(count(input, 'add-set-entry'), 'members are added'),
		...some(count(input, 'delete-set-entry'), 'members are deleted, after what they stand for'),
	]
}

const serverLines = (input: TakeoverInput): readonly string[] => {
	const {wanted, plan} = input
	const [added, updated] = [count(input, 'add-virtual-server'), count(input, 'update-virtual-server')]
	const wantedReals = [...wanted.virtualServers.values()].reduce((sum, {realServers}) => sum + realServers.size, 0)
	const [addedReals, updatedReals] = [count(input, 'add-real-server'), count(input, 'update-real-server')]
	const lines = [
		...some(wanted.virtualServers.size - added - updated, 'are adopted as they are, with their connections'),
		...some(updated, 'are changed in place; their connections live on'),
		...some(added, 'are added'),
		...some(wantedReals - addedReals - updatedReals, 'real servers stay as they are'),
		...some(updatedReals, 'real servers get another weight'),
		...some(addedReals, 'real servers are added'),
		...some(count(input, 'drain-real-server'), 'real servers are drained: no new connections, the present ones go on'),
		...some(count(input, 'delete-real-server'), 'real servers without connections are deleted'),
		...plan.flatMap(operation =>
			operation.kind === 'delete-virtual-server' ? [`${operation.server.key} is deleted: no Service has it`] : [],
		),
	]
	return orNone(lines, 'none')
}

const vipLines = (input: TakeoverInput): readonly string[] =>
	orNone(
		[
			...some(input.wanted.vips.size - count(input, 'bind-vip'), 'stay bound'),
			...some(count(input, 'bind-vip'), 'are bound'),
			...input.plan.flatMap(operation =>
				operation.kind === 'unbind-vip' ? [`${operation.address} is given up: no Service has it`] : [],
			),
		],
		'none',
	)

const ruleLines = ({wanted, plan}: TakeoverInput): readonly string[] =>
	wanted.fixed.rulesets.map(({family, chains, jumps}) => {
		const restore = plan.find(operation => 'missing' in operation && operation.ruleset.family === family)
		if (!restore || !('missing' in restore)) {
			return `${family}: stay as they are`
		}
		const text = `${family}: ${chains.length} chains in one step, ${jumps.length - restore.missing.length} jumps stay, ${restore.missing.length} are added`
		return restore.kind === 'take-over-rules' ? `${text}; kube-proxy's rules serve until then` : text
	})

const leftoverLines = ({plan}: TakeoverInput): readonly string[] =>
	orNone(
		plan.flatMap(operation => (operation.kind === 'remove-leftovers' ? linesOf(operation.ruleset) : [])),
		'none',
	)

/** The chains of single Services and endpoints are many: those are counted. */
const linesOf = ({family, chains, jumps}: Ruleset): readonly string[] => {
	const counts = new Map<string, number>()
	for (const {table, name} of chains) {
		const group = `${table} ${name.replace(/^(KUBE-(?:SVC|SVL|EXT|XLB|FW|SEP)-).*/, '$1*')}`
		counts.set(group, (counts.get(group) ?? 0) + 1)
	}
	return [
		...[...counts].map(([group, number]) => `${family}: ${number > 1 ? `${number} chains` : 'chain'} ${group}`),
		...jumps.map(({table, parent, rule}) => `${family}: jump ${table} ${parent} ${rule}`),
	]
}

const foreignLines = ({wanted, actual}: TakeoverInput): readonly string[] =>
	orNone(
		[
			...[...actual.virtualServers.values()].flatMap(({server}) =>
				isOurs(server, actual, wanted.fixed.claims, wanted) ? [] : [`virtual server ${server.key}`],
			),
			...[...actual.sets.keys()].flatMap(name => (SET_DEFINITIONS.has(name) ? [] : [`set ${name}`])),
		],
		'no virtual server, no set',
	)
