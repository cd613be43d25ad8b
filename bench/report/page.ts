import type {Report, Result} from '../result.ts'
import {ROWS, type Row} from './rows.ts'
import {group, renderMarkdownTable} from './table.ts'

/** docs/performance.md: every number in it comes from the run. */
export const renderPage = (report: Report): string => {
	const runs = report.runs.toSorted((a, b) => a.services * a.endpoints - b.services * b.endpoints)
	const table = (section: Row['section']) =>
		renderMarkdownTable(
			runs,
			ROWS.filter(row => row.section === section),
		)
	return `# Performance

Measured by \`npm run bench\`; this page and its plot are written from the numbers by
\`node bench/report/write.ts\`. What each number means, and why the comparison is fair, is in
[bench/README.md](../bench/README.md).

${machineText(report)}

Everything of one size was measured in the same kernel, one after the other, so the ratios hold on other machines; the
times do not.

## Against the floor and the peers

The floor is a small C program that sends the same messages, already encoded, and waits for the kernel: nothing can be
faster. The peers are given the same state: the kernel's own tools (\`ipvsadm -R\`, \`ip -batch\`, \`ipset restore\`, each one
process for everything), and keepalived without health checks, which has neither VIPs nor sets to make.

${table('ratio')}

![Time until the kernel has one change, and everything, over the number of Services](performance.svg)

${scalingText(runs)}

### Where kube-lvs is behind, and why

- **The floor computes nothing and restores no rules.** kube-lvs compiles each Service, compares it with what the kernel
  has, and restores its rules in four processes. The floor's own time is mostly that of \`ipset restore\`; without that
  process it would be the one in the last table.
- **Memory is what most of the JavaScript waits for here.** User-mode Linux takes some 44 microseconds for each page that a
  process touches for the first time, the machine's own kernel 2. A first sync makes the objects that stay,
  so it touches thousands of pages. The times of few Services, of changes and of restarts hardly have any of that.
- **To read tens of thousands of virtual servers takes seconds.** The kernel has no dump of all real servers, only a file
  that takes the square of their number, and one dump for each virtual server, which kube-lvs asks for where there are many:
  three system calls each, which cost here a hundred times what they do elsewhere. Changes are taken in meanwhile, and
  the kernel has them without waiting for the end of what is read.
- **keepalived takes less memory.** It holds virtual servers and nothing else. kube-lvs holds the Services and
  EndpointSlices of the cluster, what is wanted of each and what the kernel has, and brings an engine for JavaScript and a
  TLS client: what it has before the first object is in [scaling.md](scaling.md).

## Cold sync

From objects in memory to the last acknowledgement of the kernel, and where the time goes. \`netlink\`, \`ipset\` and
\`iptables\` are the kernel's time and that of programs; \`gc\` is V8's work on memory; the others are JavaScript.

${table('coldSync')}

## Changes

From the arrival of a watch event to the kernel's acknowledgement, ${runs[0]?.change?.changes ?? 200} changes of each kind.
A real server that is replaced takes three operations: the new one is added, the old one is drained, and deleted when it
has no connections.

${table('change')}

## The process

As the image starts it, with an API server that lists and watches over TLS. That is another process on the same CPU, so its
work is part of the time to the first sync.

${table('process')}
${heapText(runs)}
## The floor and the peers

${table('peer')}

An empty cell: not measured, or it took longer than 10 minutes.
`
}

const machineText = ({machine, date, arguments: args}: Report): string => {
	const kind =
		machine.kernelKind === 'uml'
			? `Linux ${machine.kernel} in User-mode Linux: a kernel as an ordinary process on one CPU, where a system call, a page fault and the start of a process take many times as long as on a kernel of its own`
			: `Linux ${machine.kernel}, in network namespaces of the machine's own kernel`
	const call = `npm run bench${args.length > 0 ? ` -- ${args.join(' ')}` : ''}`
	return [
		`- Machine: ${machine.hostCpu}, ${machine.hostCores} CPUs.`,
		`- Kernel: ${kind}.`,
		`- Node.js ${machine.node.replace(/^v/, '')}, ${date}.`,
		`- Called as \`${call.replace(/ --json \S+/, '')}\`.`,
	].join('\n')
}

/** How time grows with the number of Services, between the sizes with as many endpoints. */
const scalingText = (runs: readonly Result[]): string => {
	const same = runs.filter(({endpoints}) => endpoints === runs[0]?.endpoints)
	const lines: string[] = []
	const [first, last] = [same[0], same.at(-1)]
	if (first?.change && last?.change && first !== last) {
		const times = (last.change.medianMs / first.change.medianMs).toFixed(2)
		lines.push(
			`- One changed endpoint takes ${times} times as long with ${group(last.services)} Services as with ${group(first.services)}.`,
		)
	}
	const thousand = same.find(({services}) => services === 1000)
	if (thousand?.coldSync && last?.coldSync && thousand !== last) {
		const times = (last.coldSync.microsecondsPerService / thousand.coldSync.microsecondsPerService).toFixed(2)
		lines.push(
			`- Per Service, a cold sync takes ${times} times as long with ${group(last.services)} Services as with 1,000.`,
		)
	}
	return lines.join('\n')
}

const SHOWN_KINDS = 12

const heapText = (runs: readonly Result[]): string => {
	const run = runs.findLast(({heap}) => heap)
	if (!run?.heap) {
		return ''
	}
	const rows = run.heap.kinds
		.slice(0, SHOWN_KINDS)
		.map(
			({kind, count, megabytes}) =>
				`| \`${kind.replaceAll('|', '\\|')}\` | ${group(count)} | ${megabytes.toFixed(1)} MB |`,
		)
	return `
What the heap holds with ${group(run.services)} Services, ${run.heap.totalMb.toFixed(0)} MB, by kind of object, without what
hangs on each:

| kind | objects | size |
| --- | ---: | ---: |
${rows.join('\n')}
`
}
