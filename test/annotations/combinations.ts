import type {ServiceSettings} from '../../src/annotations/fields.ts'

/** Annotations that are allowed one by one. */
export interface CombinationRow {
	readonly annotations: {readonly [Setting in keyof ServiceSettings]: string}
	/** `sessionAffinity: ClientIP`. */
	readonly hasAffinity?: true
	/** Those that count as absent, because another one is missing or says something else. */
	readonly ignored: readonly (keyof ServiceSettings)[]
}

const rows = (
	ignored: CombinationRow['ignored'],
	list: readonly CombinationRow['annotations'][],
): readonly CombinationRow[] => list.map(annotations => ({annotations, ignored}))

const PERSISTENT = {persistencePrefixIpv4: '24', persistencePrefixIpv6: '64', persistenceEngine: 'sip'} as const
const TUNNEL = {forwardingMethod: 'tunnel'} as const

export const COMBINATION_ROWS: readonly CombinationRow[] = [
	...rows(
		[],
		[
			{},
			{scheduler: 'sh', schedulerFlags: 'sh-port'},
			{scheduler: 'sh', schedulerFlags: 'sh-port,sh-fallback'},
			{scheduler: 'mh', schedulerFlags: 'mh-fallback'},
			{scheduler: 'mh', schedulerFlags: 'mh-port, mh-fallback'},
			{scheduler: 'rr', schedulerFlags: 'none'},
			{schedulerFlags: 'none'},
			{persistenceTimeout: '1s', ...PERSISTENT},
			{upperThreshold: '1', lowerThreshold: '1'},
			{upperThreshold: '10', lowerThreshold: '9'},
			{upperThreshold: '1'},
			{upperThreshold: '2147483647', lowerThreshold: '2147483647'},
			{...TUNNEL, tunnelType: 'ipip'},
			{...TUNNEL, tunnelType: 'gue', tunnelPort: '1', tunnelChecksum: 'remote-checksum'},
			{...TUNNEL, tunnelType: 'gre', tunnelChecksum: 'checksum'},
			{...TUNNEL, tunnelType: 'gre', tunnelChecksum: 'none'},
			{...TUNNEL, onePacket: 'true'},
			{forwardingMethod: 'direct-routing', onePacket: 'true'},
			{...TUNNEL, forwardingAddresses: 'external'},
			{forwardingMethod: 'direct-routing', forwardingAddresses: 'all'},
			{persistenceTimeout: '1h', persistenceEngine: 'sip', onePacket: 'true'},
			{onePacket: 'false'},
			{forwardingMethod: 'masquerade', onePacket: 'false'},
		],
	),
	{annotations: PERSISTENT, hasAffinity: true, ignored: []},
	...rows(
		['schedulerFlags'],
		[
			{schedulerFlags: 'sh-port'},
			{scheduler: 'mh', schedulerFlags: 'sh-port'},
			{scheduler: 'sh', schedulerFlags: 'mh-port'},
			{scheduler: 'sh', schedulerFlags: 'mh-fallback'},
			{scheduler: 'mh', schedulerFlags: 'sh-fallback'},
			{scheduler: 'sh', schedulerFlags: 'sh-port, mh-port'},
			{scheduler: 'rr', schedulerFlags: 'sh-port, sh-fallback, mh-port, mh-fallback'},
		],
	),
	...rows(['persistencePrefixIpv4'], [{persistencePrefixIpv4: '32'}]),
	...rows(['persistencePrefixIpv6'], [{persistencePrefixIpv6: '128'}]),
	...rows(['persistenceEngine'], [{persistenceEngine: 'sip'}]),
	...rows(['persistencePrefixIpv4', 'persistencePrefixIpv6', 'persistenceEngine'], [PERSISTENT]),
	...rows(
		['lowerThreshold'],
		[
			{lowerThreshold: '1'},
			{upperThreshold: '1', lowerThreshold: '2'},
			{upperThreshold: '9', lowerThreshold: '10'},
			{upperThreshold: '2147483646', lowerThreshold: '2147483647'},
		],
	),
	...rows(
		['forwardingAddresses'],
		[{forwardingAddresses: 'all'}, {forwardingMethod: 'masquerade', forwardingAddresses: 'external'}],
	),
	...rows(
		['tunnelType'],
		[
			{tunnelType: 'ipip'},
			{forwardingMethod: 'direct-routing', tunnelType: 'gre'},
			{forwardingMethod: 'masquerade', tunnelType: 'gue'},
		],
	),
	...rows(
		['tunnelPort'],
		[{tunnelPort: '6080'}, {...TUNNEL, tunnelPort: '6080'}, {...TUNNEL, tunnelType: 'gre', tunnelPort: '6080'}],
	),
	...rows(['tunnelType', 'tunnelPort'], [{tunnelType: 'gue', tunnelPort: '6080'}]),
	...rows(
		['tunnelChecksum'],
		[
			{tunnelChecksum: 'none'},
			{...TUNNEL, tunnelChecksum: 'checksum'},
			{...TUNNEL, tunnelType: 'ipip', tunnelChecksum: 'none'},
			{...TUNNEL, tunnelType: 'gre', tunnelChecksum: 'remote-checksum'},
		],
	),
	...rows(['tunnelType', 'tunnelChecksum'], [{tunnelType: 'gre', tunnelChecksum: 'checksum'}]),
	...rows(['onePacket'], [{onePacket: 'true'}, {forwardingMethod: 'masquerade', onePacket: 'true'}]),
	...rows(['persistenceEngine', 'onePacket'], [{persistenceEngine: 'sip', onePacket: 'true'}]),
]
