import type {
	AddressExplanation,
	AnnotationExplanation,
	Bounded,
	EndpointExplanation,
	Explanation,
	PlaceExplanation,
	PortExplanation,
	WeightExplanation,
} from './explanation.ts'
import {formatTable} from './table.ts'

/** An explanation as lines for people. */
export const formatExplanation = (explanation: Explanation): readonly string[] => {
	const {service, type, node, whyNot, annotations, otherAddresses, ports, ranges, problems} = explanation
	return [
		`Service ${service}, type ${type}, on node ${node.name}${node.zone === '' ? '' : ` in zone ${node.zone}`}`,
		...(whyNot === undefined ? settingsOf(explanation) : [`  not served here: ${whyNot}`]),
		...section('ANNOTATIONS', annotations, formatAnnotation),
		...ports.items.flatMap(port => ['', ...formatPort(port)]),
		...(ports.more > 0 ? ['', `and ${ports.more} ports more`] : []),
		...section('MORE PORTS', ranges, ({ports, server, whyNot}) => `${ports}: ${server ?? `none: ${whyNot}`}`),
		...section('NOT SERVED', otherAddresses, ({address, whyNot}) => `${address}: ${whyNot}`),
		...section('PROBLEMS', problems, text => text),
	]
}

const settingsOf = ({externalTrafficPolicy, internalTrafficPolicy, sourceRanges}: Explanation): readonly string[] => [
	`  externalTrafficPolicy ${externalTrafficPolicy}, internalTrafficPolicy ${internalTrafficPolicy}`,
	...(sourceRanges.length > 0 ? [`  load-balancer IPs only for clients in ${sourceRanges.join(', ')}`] : []),
]

const section = <Item>(
	title: string,
	{items, more}: Bounded<Item>,
	format: (item: Item) => string,
): readonly string[] =>
	items.length === 0
		? []
		: ['', title, ...items.map(item => `  ${format(item)}`), ...(more > 0 ? [`  and ${more} more`] : [])]

const formatAnnotation = ({name, value, effect, ignored}: AnnotationExplanation): string =>
	ignored === undefined
		? `${name}: ${value}${effect === undefined ? '' : ` (${effect})`}`
		: `${name}: IGNORED: ${ignored}`

const formatPort = ({name, protocol, port, family, addresses, endpoints}: PortExplanation): readonly string[] => [
	`PORT ${name === '' ? '' : `${name}, `}${protocol} ${port}, ${family}`,
	...indented(formatTable(ADDRESS_HEADER, addresses.items.map(addressRow))),
	...(addresses.more > 0 ? [`  and ${addresses.more} addresses more`] : []),
	'',
	...formatEndpoints(endpoints),
]

const ADDRESS_HEADER = ['ADDRESS', 'KIND', 'CLIENTS', 'POLICY', 'VIRTUAL SERVER']

const addressRow = ({address, kind, clients, policy, server, whyNot}: AddressExplanation): readonly string[] => [
	address,
	kind,
	clients,
	policy,
	server
		? [server.key, [server.balancing, server.forwarding, server.limits].filter(Boolean).join(', ')].join(': ') +
			(server.isInKernel ? '' : ' (not in the kernel yet)')
		: `none: ${whyNot}`,
]

const COLUMNS = {cluster: 'POLICY CLUSTER', local: 'POLICY LOCAL'} as const

const formatEndpoints = ({items, more}: Bounded<EndpointExplanation>): readonly string[] => {
	if (items.length === 0) {
		return ['  no endpoints: clients are refused']
	}
	const policies = (['cluster', 'local'] as const).filter(policy => items.some(item => item[policy]))
	const header = ['ENDPOINT', 'NODE', 'ZONE', ...policies.map(policy => COLUMNS[policy])]
	const rows = items.map(item => [
		item.address,
		item.node || '-',
		item.zone || '-',
		...policies.map(policy => formatPlace(item[policy])),
	])
	return indented([...formatTable(header, rows), ...(more > 0 ? [`and ${more} endpoints more`] : [])])
}

const formatPlace = (place: PlaceExplanation | undefined): string => {
	if (!place) {
		return '-'
	}
	const {weight, why, draining} = place
	return [
		...(weight ? [formatWeight(weight)] : ['no']),
		...(why === undefined ? [] : [why]),
		...(draining ? [formatDrain(draining)] : []),
	].join(', ')
}

const formatWeight = ({now, full, from, slowStartPercent}: WeightExplanation): string => {
	if (now === undefined) {
		return `weight ${full} (${from}), not in the kernel yet`
	}
	const start = slowStartPercent === undefined ? '' : `, slow start ${slowStartPercent} %`
	return `weight ${now === full ? full : `${now} of ${full}`} (${from})${start}`
}

const formatDrain = ({seconds, deadlineSeconds, connections}: NonNullable<PlaceExplanation['draining']>): string => {
	const time = seconds === undefined ? '' : ` for ${seconds}s of at most ${deadlineSeconds}s`
	return `draining${time}, ${connections} ${connections === 1 ? 'connection' : 'connections'}`
}

const indented = (lines: readonly string[]): readonly string[] => lines.map(line => `  ${line}`)
