import {applyPlan} from '../kernel/apply.ts'
import type {Variant} from '../kernel/iptables/variant.ts'
import type {Kernel} from '../kernel/kernel.ts'
import type {Chain, Rule, Ruleset} from '../state/iptables.ts'
import {loadModule, type Trial} from './finding.ts'

/** Something that rules are made of: a table, a match or a target. */
interface Part {
	/** `iptables match physdev`. */
	readonly what: string
	readonly module: string
	readonly option: string
}

/** What of iptables the rules need that `run` will make. The sets that they name have to be there. */
export const ruleTrials = (rulesets: readonly Ruleset[], variant: Variant): readonly Trial[] => {
	let troubles: Promise<Troubles> | undefined
	const parts = new Map(
		rulesets.flatMap(({chains}) => chains.flatMap(chain => partsOf(chain, variant))).map(part => [part.what, part]),
	)
	return [...parts.values()].map(({what, module, option}) => ({
		subject: {
			what,
			need: 'required',
			without: 'the rules, which are made as a whole, cannot be made: nothing is masqueraded',
			remedy: loadModule(module, option),
		},
		run: async kernel => {
			troubles ??= findAllTroubles(kernel, rulesets, variant)
			return (await troubles).get(what)
		},
	}))
}

/** By part, what keeps the rules from being made. */
type Troubles = ReadonlyMap<string, string>

const findAllTroubles = async (kernel: Kernel, rulesets: readonly Ruleset[], variant: Variant): Promise<Troubles> => {
	const all = new Map<string, string>()
	for (const ruleset of rulesets) {
		for (const [what, trouble] of await findTroubles(kernel, ruleset, variant)) {
			all.set(what, [...(all.has(what) ? [all.get(what)] : []), `${ruleset.family}: ${trouble}`].join('; '))
		}
	}
	return all
}

/** A part is missing when every rule fails that has it: most rules have several. */
const findTroubles = async (kernel: Kernel, ruleset: Ruleset, variant: Variant): Promise<Troubles> => {
	if ((await tryRules(kernel, ruleset)) === undefined) {
		return new Map()
	}
	const troubles = new Map<string, string>()
	const fine = new Set<string>()
	for (const chain of ruleset.chains) {
		// Without a rule it needs its table.
		for (const rules of [[], ...chain.rules.map(rule => [rule])]) {
			const alone = {...chain, rules}
			const trouble = await tryRules(kernel, only(ruleset, alone))
			for (const {what} of partsOf(alone, variant)) {
				trouble === undefined ? fine.add(what) : troubles.set(what, trouble)
			}
		}
	}
	return new Map([...troubles].filter(([what]) => !fine.has(what)))
}

/** The other chains of its table stand, without rules: it may lead to one of them. */
const only = ({family, chains}: Ruleset, chain: Chain): Ruleset => ({
	family,
	chains: chains
		.filter(({table}) => table === chain.table)
		.map(other => (other.name === chain.name ? chain : {...other, rules: []})),
	jumps: [],
})

const tryRules = async (kernel: Kernel, ruleset: Ruleset): Promise<string | undefined> => {
	const [outcome] = await applyPlan(kernel, [{kind: 'restore-rules', ruleset, missing: ruleset.jumps}])
	return outcome?.error?.message.replace(/^.*?: /, '').split('\n')[0]
}

const partsOf = ({table, rules}: Chain, variant: Variant): readonly Part[] => [
	{what: `iptables table ${table}`, ...tableModule(table, variant)},
	...rules.flatMap(rule => extensionsOf(rule)),
]

const tableModule = (table: string, variant: Variant) =>
	variant === 'nft'
		? {module: 'nf_tables', option: 'CONFIG_NF_TABLES'}
		: {module: `iptable_${table}`, option: `CONFIG_IP_NF_${table.toUpperCase()}`}

/** Matches are named by lower case, targets of the kernel's by upper case; chains of ours begin with KUBE-. */
const extensionsOf = (rule: Rule): readonly Part[] => {
	const words = rule.replaceAll(/"(?:\\.|[^"\\])*"/g, '""')
	const matches = [...words.matchAll(/(?:^| )-m (\S+)/g)].map(([, name = '']): Part => matchPart(name))
	const [, target = 'ACCEPT'] = /(?:^| )-j (\S+)/.exec(words) ?? []
	return BUILT_IN.has(target) || target.startsWith('KUBE-') ? matches : [...matches, targetPart(target)]
}

const BUILT_IN: ReadonlySet<string> = new Set(['ACCEPT', 'DROP', 'RETURN'])

/** linux/net/netfilter/Kconfig: some matches and targets of one name are one module. */
const matchPart = (name: string): Part => {
	const what = `iptables match ${name}`
	switch (name) {
		case 'tcp':
		case 'udp':
			return {what, module: 'xt_tcpudp', option: 'CONFIG_NETFILTER_XTABLES'}
		case 'mark':
		case 'set':
			return {what, module: `xt_${name}`, option: `CONFIG_NETFILTER_XT_${name.toUpperCase()}`}
		default:
			return {what, module: `xt_${name}`, option: `CONFIG_NETFILTER_XT_MATCH_${name.toUpperCase()}`}
	}
}

const targetPart = (name: string): Part => {
	switch (name) {
		case 'REJECT':
			return {what: 'iptables target REJECT', module: 'ipt_REJECT ip6t_REJECT', option: 'CONFIG_IP_NF_TARGET_REJECT'}
		case 'MARK':
		case 'SET':
			return {
				what: `iptables target ${name}`,
				module: `xt_${name.toLowerCase()}`,
				option: `CONFIG_NETFILTER_XT_${name}`,
			}
		default:
			return {what: `iptables target ${name}`, module: `xt_${name}`, option: `CONFIG_NETFILTER_XT_TARGET_${name}`}
	}
}
