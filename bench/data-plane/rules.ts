/** What one connection met in the rules of iptables. */
export interface RulesMet {
	/** In all tables. */
	readonly rules: number
	/** Rules of the chains that its packets went through: no packet was compared with more. */
	readonly visited: number
	/** How often a rule matched one of its packets. */
	readonly matched: number
}

/** From what `iptables-save -c` said before and after. */
export const rulesMet = (before: string, after: string): RulesMet => {
	const [old, now] = [parse(before), parse(after)]
	const increases = now.map((rule, at) => ({...rule, packets: rule.packets - (old[at]?.packets ?? 0)}))
	const hit = increases.filter(({packets}) => packets > 0)
	const entered = new Set(hit.map(({target}) => target))
	// A packet that comes to a chain of the kernel's own is counted nowhere when a rule decides on it: all of them count.
	const isVisited = ({chain}: CountedRule) => entered.has(chain) || !chain.includes(' KUBE-')
	return {
		rules: now.length,
		visited: now.filter(isVisited).length,
		matched: hit.reduce((sum, {packets}) => sum + packets, 0),
	}
}

interface CountedRule {
	/** With its table, as is the target: `nat KUBE-SERVICES`. */
	readonly chain: string
	readonly target: string
	readonly packets: number
}

/** `[packets:bytes] -A CHAIN MATCHES -j TARGET`, below `*table`. */
const parse = (text: string): readonly CountedRule[] => {
	let table = ''
	const rules: CountedRule[] = []
	for (const line of text.split('\n')) {
		if (line.startsWith('*')) {
			table = line.slice(1)
		}
		const [, packets, chain] = /^\[(\d+):\d+\] -A (\S+)/.exec(line) ?? []
		if (packets !== undefined) {
			const target = / -[jg] (\S+)/.exec(line)?.[1] ?? ''
			rules.push({chain: `${table} ${chain}`, target: `${table} ${target}`, packets: Number(packets)})
		}
	}
	return rules
}
