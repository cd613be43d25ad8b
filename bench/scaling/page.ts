import {DEFAULT_LIMITS} from '../../src/kubernetes/reflector-options.ts'
import {group} from '../report/table.ts'
import type {Report} from '../result.ts'
import {type Assumptions, type Bill, billOf} from './bill.ts'
import {type Costs, costsOf, type ObjectBytes} from './costs.ts'

export const CLUSTERS = [100, 1000, 10_000] as const

export const ASSUMPTIONS: Assumptions = {
	podsPerNode: 110,
	podsPerService: 20,
	podHours: 24,
	writesPerPod: 4,
	nodeReportSeconds: 300,
	nodeBytes: 15_000,
	auditSeconds: 30,
}

/** docs/scaling.md: what was measured comes from the run and the objects, all else is computed from it. */
export const renderScaling = ({runs, machine, date}: Report, bytes: ObjectBytes): string => {
	const costs = costsOf(runs)
	const bills = CLUSTERS.map(nodes => billOf(nodes, ASSUMPTIONS, bytes, costs))
	return `# Large clusters

What each node and the API server bear, computed from costs that were measured with less. No cluster of such a size was
measured, nor a real API server. Written by \`node bench/scaling/write.ts FILE\` from the numbers of \`npm run bench\`
(Linux ${machine.kernel}, ${machine.kernelKind === 'uml' ? 'User-mode Linux on one CPU, which is several times slower than a kernel of its own' : 'network namespaces'}, ${date}).

## What is assumed

${assumptionsText(ASSUMPTIONS)}

Kubernetes itself is tested up to 5,000 nodes, 150,000 pods and 10,000 Services; the last column is beyond all of these.

## What was measured

${costsTable(bytes, costs)}

Objects are Services and endpoints. The lines go through the smallest and the largest size that was measured, ${group(costs.measuredObjects)}
objects; what lies beyond is marked with *.

## Each node

${table(bills, NODE_ROWS)}

The first sync and the CPU time are those of the test kernel. Changes that come together share a sync
(\`minSyncInterval\`), so their CPU time is less than this under load. Decoding of events is not part of it. With tens of thousands of
Services an audit takes longer than a line through the smaller sizes says: [performance.md](performance.md) has why.

## The API server

${table(bills, SERVER_ROWS)}

- **Lists.** Each node lists once, when kube-lvs starts, ${DEFAULT_LIMITS.pageSize} objects a page, and takes any state that the server has in
  its cache (\`resourceVersion=0\`); servers that answer from their cache may send all in one page. There is no pause before
  the first list: the DaemonSet's \`maxUnavailable\` of 10 % spreads an upgrade, and nothing spreads nodes that boot together.
- **Watches** end after ${DEFAULT_LIMITS.watchSeconds.min} to ${DEFAULT_LIMITS.watchSeconds.max} s, at random, and go on where they were, without a list. When a server went away, they
  come back after a random pause, first within ${DEFAULT_LIMITS.backOff.firstMilliseconds / 2} to ${DEFAULT_LIMITS.backOff.firstMilliseconds} ms, later within up to ${DEFAULT_LIMITS.backOff.lastMilliseconds / 1000} s.
- **Bytes** are of JSON without compression: kube-lvs asks for neither compression nor protobuf.
- What they cost in CPU time was not measured: an API server encodes an event once for all who watch in the same way, and
  sends it to each.

## What settings change

- \`watchAllNodes: false\`: only its own Node is listed and watched. Saves each node the bytes of Nodes above; what it
  costs is in [Configuration](configuration.md).
- Services with \`service.kubernetes.io/service-proxy-name\` and headless ones are never sent: the server filters them.
- \`minSyncInterval\`: a longer pause puts more changes into one sync.
- \`auditInterval\`: the CPU time of audits is in inverse proportion to it. In the largest clusters audits take more of it
  than changes do, so some minutes suit them better; what others break is then repaired later.
`
}

const assumptionsText = (assumed: Assumptions): string =>
	[
		`${assumed.podsPerNode} pods a node, all of them endpoints; one Service for ${assumed.podsPerService} pods, with one port and one family.`,
		`Each pod is replaced once in ${assumed.podHours} hours, which writes its EndpointSlice ${assumed.writesPerPod} times.`,
		`A Node is written each ${assumed.nodeReportSeconds} s, and is ${group(assumed.nodeBytes)} bytes long: those of the benchmark lack the list of images.`,
		`An audit each ${assumed.auditSeconds} s, the default.`,
	]
		.map(line => `- ${line}`)
		.join('\n')

const costsTable = (bytes: ObjectBytes, costs: Costs): string =>
	[
		['a Service, as JSON', `${group(Math.round(bytes.service))} bytes`],
		['an EndpointSlice without endpoints', `${group(Math.round(bytes.slice))} bytes`],
		['each endpoint in it', `${group(Math.round(bytes.endpoint))} bytes`],
		['a Node of the benchmark', `${group(Math.round(bytes.node))} bytes`],
		[
			'resident memory',
			`${mega(costs.rssBytes.base)} and ${group(Math.round(costs.rssBytes.perObject))} bytes an object`,
		],
		[
			'process start to first sync',
			`${seconds(costs.firstSyncMs.base)} and ${(costs.firstSyncMs.perObject * 1000).toFixed(0)} us an object`,
		],
		['audit', `${seconds(costs.auditMs.base)} and ${(costs.auditMs.perObject * 1000).toFixed(0)} us an object`],
		['CPU time of one changed endpoint', `${costs.changeCpuMs.toFixed(1)} ms`],
	].reduce((text, [name, value]) => `${text}\n| ${name} | ${value} |`, '| | |\n| --- | ---: |')

type RowOf = readonly [title: string, show: (bill: Bill) => string]

const NODE_ROWS: readonly RowOf[] = [
	['Services', ({services}) => group(services)],
	['endpoints', ({endpoints}) => group(endpoints)],
	['list at start', ({list}) => `${mega(list.bytes)}, ${group(list.pages)} pages`],
	['of which Nodes', ({list}) => mega(list.nodeBytes)],
	['watch: EndpointSlices', ({watch}) => `${watch.sliceEvents.toFixed(2)}/s, ${kilo(watch.sliceBytes)}/s`],
	['watch: Nodes', ({watch}) => `${watch.nodeEvents.toFixed(2)}/s, ${kilo(watch.nodeBytes)}/s`],
	['resident memory', ({node}) => marked(node, mega(node.rssBytes))],
	['process start to first sync', ({node}) => marked(node, seconds(node.firstSyncMs))],
	['CPU, changes', ({node}) => `${percent(node.changeCpu)} of one`],
	['CPU, audits', ({node}) => marked(node, `${percent(node.auditCpu)} of one`)],
]

const SERVER_ROWS: readonly RowOf[] = [
	['lists, where all nodes start at once', ({list}) => giga(list.allBytes)],
	['watches, to all nodes', ({watch}) => `${mega(watch.allBytes)}/s`],
	['of which Nodes', ({watch}) => percent(watch.nodeBytes / (watch.sliceBytes + watch.nodeBytes))],
	['watches that are open', ({watch}) => group(watch.open)],
	['watches that begin anew, usually', ({watch}) => `${watch.requests.toFixed(1)}/s`],
	[
		'the same after the server was away',
		({comeback}) => `${group(Math.round(comeback.requestsPerSecond))}/s for ${comeback.seconds} s`,
	],
]

const table = (bills: readonly Bill[], rows: readonly RowOf[]): string =>
	[
		['nodes', ...bills.map(({nodes}) => group(nodes))],
		['---', ...bills.map(() => '---:')],
		...rows.map(([title, show]) => [title, ...bills.map(show)]),
	]
		.map(row => `| ${row.join(' | ')} |`)
		.join('\n')

const marked = ({isExtrapolated}: Bill['node'], text: string): string => (isExtrapolated ? `${text} *` : text)
const digits = (value: number): string => (value >= 100 ? group(Math.round(value)) : value.toFixed(value >= 10 ? 0 : 1))
const kilo = (bytes: number): string => `${digits(bytes / 1e3)} kB`
const mega = (bytes: number): string => `${digits(bytes / 1e6)} MB`
const giga = (bytes: number): string => `${digits(bytes / 1e9)} GB`
const seconds = (milliseconds: number): string => `${digits(milliseconds / 1000)} s`
const percent = (part: number): string => `${(part * 100).toFixed(1)} %`
