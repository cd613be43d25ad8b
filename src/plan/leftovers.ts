import {
	type Chain,
	type Jump,
	type Rule,
	type Ruleset,
	removableChains,
	type SavedTables,
	type TableName,
	targetOf,
} from '../state/iptables.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'
import type {Operation} from './operation.ts'
import {whileSame} from './while-same.ts'

/** kube-proxy iptables/proxier.go: the chains of one Service, port or endpoint, with a hash behind their kind. */
const OF_SERVICE = /^KUBE-(?:SVC|SVL|EXT|XLB|FW|SEP)-[A-Z2-7]{16}$/

/** Chains of kube-proxy alone, in any mode. The kubelet's own have other names. */
const FIXED: Readonly<Record<TableName, ReadonlySet<string>>> = {
	nat: new Set(['KUBE-SERVICES', 'KUBE-NODEPORTS', 'KUBE-PROXY-CANARY']),
	filter: new Set(['KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES', 'KUBE-NODEPORTS', 'KUBE-PROXY-CANARY']),
	mangle: new Set(['KUBE-PROXY-CANARY']),
}

/** Comments of the jumps that kube-proxy makes, in any mode and version. */
const JUMP_COMMENTS = [
	'kubernetes service portals',
	'kubernetes externally-visible service portals',
	'kubernetes postrouting rules',
	'kubernetes forwarding rules',
	'kubernetes health check service ports',
	'kubernetes health check rules',
	'kubernetes load balancer firewall',
	'kube-proxy firewall rules',
	'kubernetes ipvs access filter',
].map(text => `--comment "${text}"`)

/** Services are served by the rules of kube-proxy's iptables mode: new connections go where these say. */
export const isServedByRules = (saved: SavedTables | undefined): boolean =>
	saved?.get('nat')?.get('KUBE-SERVICES')?.some(isToService) ?? false

/** So it is in any family. */
export const isServedByOthers = ({tables}: Pick<ActualState, 'tables'>): boolean =>
	[...tables.values()].some(isServedByRules)

const isToService = (rule: Rule): boolean => OF_SERVICE.test(targetOf(rule) ?? '')

/** What kube-proxy made, in whatever mode, that has no place here and that nobody else uses. */
export const planLeftovers = (wanted: WantedState, actual: ActualState): readonly Operation[] =>
	wanted.fixed.rulesets.flatMap((ruleset): readonly Operation[] => {
		const leftovers = leftoversOf(ruleset, actual.tables.get(ruleset.family))
		const isNothing = leftovers.chains.length === 0 && leftovers.jumps.length === 0
		return isNothing ? [] : [{kind: 'remove-leftovers', ruleset: leftovers}]
	})

const leftoversOf = whileSame((ruleset: Ruleset, saved: SavedTables | undefined) => findLeftovers(ruleset, saved))

const findLeftovers = (ruleset: Ruleset, saved: SavedTables | undefined): Ruleset => {
	const ours = new Set(ruleset.chains.map(({table, name}) => `${table} ${name}`))
	const chains: Chain[] = []
	const jumps: Jump[] = []
	for (const [table, present] of saved ?? []) {
		const isLeftover = (name: string) =>
			!ours.has(`${table} ${name}`) && (FIXED[table]?.has(name) || (table === 'nat' && OF_SERVICE.test(name)))
		for (const [name, rules] of present) {
			if (isLeftover(name)) {
				chains.push({table, name, rules: []})
			} else if (BUILT_IN.has(name)) {
				const isTheirs = (target = '') => isLeftover(target) || ours.has(`${table} ${target}`)
				const found = rules.filter(rule => isJump(rule) && isTheirs(targetOf(rule)))
				jumps.push(...found.map(rule => ({table, parent: name, rule})))
			}
		}
	}
	const wrong = jumps.filter(({table, parent, rule}) => !ruleset.jumps.some(isSame({table, parent, rule})))
	const leftovers = {family: ruleset.family, chains, jumps: wrong}
	return chains.length > 0 ? {...leftovers, chains: removableChains(withRules(saved, ruleset), leftovers)} : leftovers
}

const BUILT_IN: ReadonlySet<string> = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'])

const isJump = (rule: Rule): boolean => JUMP_COMMENTS.some(comment => rule.includes(comment))

const isSame =
	(a: Jump) =>
	(b: Jump): boolean =>
		a.table === b.table && a.parent === b.parent && a.rule === b.rule

/** The tables as they are once our chains stand in them. */
const withRules = (saved: SavedTables | undefined, {chains}: Ruleset): SavedTables => {
	const tables = new Map([...(saved ?? [])].map(([table, present]) => [table, new Map(present)]))
	for (const {table, name, rules} of chains) {
		tables.get(table)?.set(name, rules)
	}
	return tables
}
