import {group} from '../report/table.ts'
import type {DataPlane, Measured, Round, Setting} from './result.ts'
import {isNoise, ratiosOf, type Spread, spreadOf} from './spread.ts'

/** docs/data-plane.md: every number that was measured comes from the run. */
export const renderDataPlane = ({machine, date, rules, sizes, estimation, table}: DataPlane): string => {
	const most = Math.max(...sizes.map(({setting}) => setting.services))
	return `# What a connection costs

Connections through VIPs, measured by \`npm run bench:data-plane -- FILE\`; this page is written from the numbers of one run
by \`node bench/data-plane/write.ts FILE\`.

- Machine: ${machine.hostCpu}, ${machine.hostCores} CPUs.
- Kernel: Linux ${machine.kernel}${machine.kernelKind === 'uml' ? ' in User-mode Linux, on one CPU: ratios hold elsewhere, times do not' : ''}. ${date}.
- A client on another host, a node, two pods on it that are the endpoints of ten Services, spread evenly over all. The
  settings take turns, ${sizes[0]?.rounds.length ?? 0} rounds; in brackets the half of the rounds around the median.

## Number of Services

${measuredTable(sizes, ['services', 'conntrack'])}

${pairsOf(sizes, 'services')
	.map(([few, many]) =>
		comparison(few, many, `With \`conntrack\` ${few.setting.conntrack}, `, `${group(many.setting.services)} Services`),
	)
	.join('\n')}

A packet of a known connection is never compared with virtual servers. The first one of a new connection is: the kernel keeps
them in 256 lists (\`IP_VS_SVC_TAB_BITS\` in net/netfilter/ipvs/ip_vs_ctl.c), so ${group(most)} Services make lists of about
${Math.round(most / 256)}.

## Rules

Of one new connection, with all of its packets, over IPv4:

| Services | rules in the kernel | of chains on its way | matches |
| ---: | ---: | ---: | ---: |
${rules.map(met => `| ${[met.services, met.rules, met.visited, met.matched].map(group).join(' | ')} |`).join('\n')}

The rules are fixed; members of sets stand for the Services, and a set is a hash table.

## \`net.ipv4.vs.conntrack\`

${pairsOf(sizes, 'conntrack')
	.map(([on, off]) => comparison(off, on, `With ${group(on.setting.services)} Services, `, '`conntrack` 1'))
	.join('\n')}

kube-lvs sets it to 1. Without it netfilter does not see balanced connections, so none can be masqueraded: a client outside
of the cluster would get its answer from an endpoint on another node that it never asked.

## \`net.ipv4.vs.run_estimation\`

${tailTable(estimation)}

${pairsOf(estimation, 'estimation').map(tailComparison).join('\n')}

The kernel adds up the counters of all virtual and real servers every two seconds: up to Linux 6.1 in one timer, which lets
no packet through on its CPU meanwhile, from 6.2 on in threads of their own that may be scheduled away (commits 2232642ec3fb
and 144361c1949f of Linux; the first one tells of 200 ms with 50,000 Services and 104 CPUs). kube-lvs leaves the setting as it
is, usually 1: with 0, \`ipvsadm -L --stats\` and \`--rate\` and what exports them stand still. kube-lvs itself needs neither;
draining counts connections, which are not estimated. With many Services on a kernel up to 6.1, set it to 0 where nobody
reads those counters, in \`/etc/sysctl.d\`; kube-lvs does not touch it.

## Size of the table of connections

${measuredTable(table, ['tableBits', 'idle'])}

${pairsOf(table, 'idle')
	.map(([none, idle]) =>
		comparison(none, idle, `With ${idle.setting.tableBits} bits, `, `${group(idle.setting.idle)} idle connections`),
	)
	.join('\n')}

Connections stand in 2^\`conn_tab_bits\` lists of 8 bytes each. It is a parameter of the module, ${sizes[0]?.setting.tableBits} bits in this kernel, and
counts only when the module is loaded, so kube-lvs cannot choose it. Where a node has many more connections than lists:
\`options ip_vs conn_tab_bits=${Math.max(...table.map(({setting}) => setting.tableBits))}\` in a file in /etc/modprobe.d, and load the module anew.

## What is not measured

More than one CPU, a network card, UDP, IPv6, and kernels from 6.2 on.
`
}

const GIGA = 1e9

const NAMES: Readonly<Record<keyof Setting, string>> = {
	services: 'Services',
	conntrack: '`conntrack`',
	estimation: '`run_estimation`',
	idle: 'idle connections',
	tableBits: '`conn_tab_bits`',
}

const measuredTable = (all: readonly Measured[], columns: readonly (keyof Setting)[]): string =>
	tableOf(
		[...columns.map(column => NAMES[column]), 'new connections', 'set-up, median', 'over one connection'],
		all.map(({setting, rounds}) => [
			...columns.map(column => group(setting[column])),
			group(rounds.reduce((sum, {connections}) => sum + connections, 0)),
			show(spreadOf(rounds.map(({medianUs}) => medianUs)), 0, ' us'),
			show(spreadOf(throughputs(rounds).map(bytes => bytes / GIGA)), 2, ' GB/s'),
		]),
	)

const tailTable = (all: readonly Measured[]): string =>
	tableOf(
		['Services', NAMES.estimation, 'set-up, median', '99 of 100', 'slowest of a round'],
		all.map(({setting, rounds}) => [
			group(setting.services),
			group(setting.estimation),
			show(spreadOf(rounds.map(({medianUs}) => medianUs)), 0, ' us'),
			show(spreadOf(rounds.map(({p99Us}) => p99Us)), 0, ' us'),
			show(spreadOf(rounds.map(({slowestUs}) => slowestUs / 1000)), 1, ' ms'),
		]),
	)

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
	[head, head.map(() => '---:'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n')

const show = ({low, median, high}: Spread, digits: number, unit: string): string =>
	`${median.toFixed(digits)}${unit} (${low.toFixed(digits)} to ${high.toFixed(digits)})`

const throughputs = (rounds: readonly Round[]): readonly number[] =>
	rounds.flatMap(({bytesPerSecond}) => bytesPerSecond ?? [])

/** Two that differ in nothing but this, in the order in which they were measured. */
export const pairsOf = (all: readonly Measured[], by: keyof Setting): readonly (readonly [Measured, Measured])[] => {
	const groups = Map.groupBy(all, ({setting}) => JSON.stringify({...setting, [by]: undefined}))
	return [...groups.values()].flatMap(([first, second]) => (first && second ? [[first, second] as const] : []))
}

/** How many times as long and as fast `to` is. */
const comparison = (from: Measured, to: Measured, where: string, what: string): string => {
	const times = ratiosOf(
		from.rounds.map(({medianUs}) => medianUs),
		to.rounds.map(({medianUs}) => medianUs),
	)
	const speeds = ratiosOf(throughputs(from.rounds), throughputs(to.rounds))
	return `- ${where}${what}: set-up takes ${verdict(times)}, throughput is ${verdict(speeds)}.`
}

/** Of one that has the kernel estimate, and one that does not. */
const tailComparison = ([on, off]: readonly [Measured, Measured]): string => {
	const slowest = ({rounds}: Measured) => rounds.map(({slowestUs}) => slowestUs)
	const times = verdict(ratiosOf(slowest(off), slowest(on)))
	return `- With ${group(on.setting.services)} Services, \`run_estimation\` 1: the slowest of a round takes ${times}.`
}

const verdict = (ratios: Spread): string =>
	`${show(ratios, 2, ' times')} as much${isNoise(ratios) ? ', which is noise' : ''}`
