import {OWN_NAME} from './state-lines.ts'

/**
 * A difference between two states as a line of state.txt behind a sign: `-` kube-proxy's line is missing, `+` the line
 * is ours alone, `~` the rule stands elsewhere among the others of its chain. Behind the sign, rules of chains of the
 * proxy have no number: ours counts rules that kube-proxy leaves out.
 */
export type Difference = string

/**
 * What differs, but for what is constant here and comes and goes with members in kube-proxy: sets, chains and jumps of
 * our own, and rules that match a set without members.
 */
export const compareStates = (golden: readonly string[], ours: readonly string[]): readonly Difference[] => {
	const filled = new Set(ours.filter(line => line.startsWith('set ')).map(line => line.split(' ')[1] ?? ''))
	return [...comparePlain(golden.filter(isPlain), ours.filter(isPlain)), ...compareRules(golden, ours, filled)].sort()
}

/** Rules in chains of everybody have a number that counts; those in chains of the proxy are compared by their order. */
const CHAIN_RULE = /^(rule[46] \S+ KUBE-\S+) \S+ (.*)$/

const isPlain = (line: string): boolean => !CHAIN_RULE.test(line)

/** The name of a set or chain, or where a jump goes. */
const NAME = [/^(?:setdef|set) (\S+)/, /^chain[46] \S+ (\S+)/, /^rule[46] .* -j (\S+)$/]

const isOwn = (line: string): boolean => NAME.some(form => OWN_NAME.test(form.exec(line)?.[1] ?? ''))

const comparePlain = (golden: readonly string[], ours: readonly string[]): readonly Difference[] => {
	const [wanted, present] = [new Set(golden), new Set(ours)]
	return [
		...golden.filter(line => !present.has(line)).map(line => `- ${line}`),
		...ours.filter(line => !wanted.has(line) && !isOwn(line)).map(line => `+ ${line}`),
	]
}

type Chains = ReadonlyMap<string, readonly string[]>

/** The rules of each chain of the proxy, in their order. */
const chainsOf = (lines: readonly string[]): Chains => {
	const chains = new Map<string, string[]>()
	for (const line of lines) {
		const [, chain, rule] = CHAIN_RULE.exec(line) ?? []
		if (chain !== undefined && rule !== undefined) {
			chains.set(chain, [...(chains.get(chain) ?? []), rule])
		}
	}
	return chains
}

const compareRules = (
	golden: readonly string[],
	ours: readonly string[],
	filled: ReadonlySet<string>,
): readonly Difference[] => {
	const [wanted, present] = [chainsOf(golden), chainsOf(ours)]
	return [...new Set([...wanted.keys(), ...present.keys()])].flatMap(chain => {
		const [want, have] = [wanted.get(chain) ?? [], present.get(chain) ?? []]
		const common = have.filter(rule => want.includes(rule))
		const inOrder = new Set(longestRise(common, rule => want.indexOf(rule)))
		return [
			...want.filter(rule => !have.includes(rule)).map(rule => `- ${chain} ${rule}`),
			...common.filter(rule => !inOrder.has(rule)).map(rule => `~ ${chain} ${rule}`),
			...have.filter(rule => !want.includes(rule) && canMatch(rule, filled)).map(rule => `+ ${chain} ${rule}`),
		].filter(difference => !OWN_NAME.test(difference.split(' ')[3] ?? ''))
	})
}

/** A rule that asks for a member of a set without members does nothing. */
const canMatch = (rule: string, filled: ReadonlySet<string>): boolean =>
	[...rule.matchAll(/-m set --match-set (\S+)/g)].every(match => filled.has(match[1] ?? ''))

/** The longest part of a list whose ranks rise; what is not in it has moved. */
const longestRise = <Item>(items: readonly Item[], rankOf: (item: Item) => number): readonly Item[] => {
	let best: readonly Item[] = []
	const endingAt: (readonly Item[])[] = []
	for (const [at, item] of items.entries()) {
		const before = endingAt.filter((_, earlier) => rankOf(items[earlier] as Item) < rankOf(item))
		const longest = before.reduce((a, b) => (b.length > a.length ? b : a), [])
		endingAt[at] = [...longest, item]
		best = endingAt[at].length > best.length ? endingAt[at] : best
	}
	return best
}
