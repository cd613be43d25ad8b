import {duration, type Form, flag, integer, oneOf, someOf} from './form.ts'
import {portRanges} from './port-ranges.ts'
import {SCHEDULER_FLAGS, SCHEDULERS, type SchedulerFlag} from './schedulers.ts'
import {MAX_WEIGHT, weightRules} from './weights.ts'

/** One annotation: what it may say, and what comes of it. */
export interface Annotation<Value> {
	readonly form: Form<Value>
	/** One sentence without a dot at its end: what it is for. */
	readonly summary: string
	/** What becomes of it in the kernel. */
	readonly kernel: string
	readonly example: string
}

/** The kernel's integers for thresholds have 32 bits, one of which others take for a sign. */
const MAX_CONNECTIONS = 2 ** 31 - 1

/**
 * Every annotation of a Service, by the name of its setting: `schedulerFlags` stands for `kube-lvs.io/scheduler-flags`.
 * Validation, documentation and the ValidatingAdmissionPolicy are made from these tables.
 */
export const SERVICE_ANNOTATIONS = {
	scheduler: {
		form: oneOf(...SCHEDULERS),
		summary: 'how new connections are spread over the endpoints, instead of the configured scheduler',
		kernel: 'the scheduler of the virtual servers, changed in place: connections stay',
		example: 'wlc',
	},
	schedulerFlags: {
		form: someOf(...(Object.keys(SCHEDULER_FLAGS) as SchedulerFlag[])),
		summary:
			'variants of the schedulers sh and mh; without it they fall back to another endpoint when theirs is full or drains',
		kernel: 'flags of the virtual servers, `flag-1` (fallback) and `flag-2` (port) in ipvsadm',
		example: 'mh-port, mh-fallback',
	},
	persistenceTimeout: {
		form: duration('1s', '720h'),
		summary:
			'a client stays with its endpoint for this long; turns persistence on, or stands instead of the timeout of sessionAffinity ClientIP',
		kernel: 'the timeout of the persistence templates',
		example: '30m',
	},
	persistencePrefixIpv4: {
		form: integer(1, 32),
		summary: 'IPv4 clients with this many leading bits in common count as one client',
		kernel: 'the netmask of persistence',
		example: '24',
	},
	persistencePrefixIpv6: {
		form: integer(1, 128),
		summary: 'IPv6 clients with this many leading bits in common count as one client',
		kernel: 'the prefix length of persistence',
		example: '64',
	},
	persistenceEngine: {
		form: oneOf('sip'),
		summary:
			'persistence of UDP ports by the Call-ID of SIP together with the address (or network) of the client, so that the calls of one client are spread',
		kernel: 'the persistence engine of the virtual servers for UDP (module ip_vs_pe_sip)',
		example: 'sip',
	},
	groupPorts: {
		form: flag,
		summary:
			'all ports of the Service are balanced as one, so that persistence holds across them, as FTP, RTP or HTTP with HTTPS need',
		kernel: 'one virtual server for a firewall mark, which rules set from a set of all addresses and ports',
		example: 'true',
	},
	portRange: {
		form: portRanges,
		summary: 'ports that are served besides those in `spec.ports`, together with them as by `group-ports`',
		kernel: 'one virtual server for a firewall mark, whatever the number of ports',
		example: 'udp:10000-10999',
	},
	weights: {
		form: weightRules,
		summary: 'shares of the endpoints; of several entries the first that matches an endpoint counts',
		kernel: 'the weight of the real servers; 0 takes no new connections and keeps those that it has',
		example: 'zone=eu-1a 3, node=worker-7 0, 10.244.3.0/24 2, default 1',
	},
	slowStart: {
		form: duration('1s', '1h'),
		summary: 'a new endpoint gets its share of new connections little by little over this time',
		kernel: 'weights that grow in steps',
		example: '30s',
	},
	upperThreshold: {
		form: integer(1, MAX_CONNECTIONS),
		summary: 'an endpoint with this many connections gets no new one',
		kernel: 'the upper threshold of the real servers',
		example: '1000',
	},
	lowerThreshold: {
		form: integer(1, MAX_CONNECTIONS),
		summary:
			'an endpoint that was full gets new connections when it has fewer than this; three quarters of upper-threshold without it',
		kernel: 'the lower threshold of the real servers',
		example: '800',
	},
	onePacket: {
		form: flag,
		summary: 'each UDP packet is balanced on its own, as DNS behind few clients needs',
		kernel: 'the one-packet flag of the virtual servers for UDP',
		example: 'true',
	},
	drainDeadline: {
		form: duration('0s', '168h'),
		summary: 'how long an endpoint that goes may keep its connections, instead of the configured drainDeadline',
		kernel: 'a real server of weight 0 is deleted after this time at the latest',
		example: '2h',
	},
	udpDrain: {
		form: flag,
		summary:
			'UDP clients stay with an endpoint that goes, until they are silent or the deadline is over, instead of moving on at once',
		kernel: 'real servers for UDP get weight 0 first, as those for TCP do',
		example: 'true',
	},
	forwardingMethod: {
		form: oneOf('masquerade', 'direct-routing', 'tunnel'),
		summary:
			'how packets reach the endpoints; by direct-routing and tunnel the endpoints answer clients directly, under the address of the Service',
		kernel: 'the forwarding method of the real servers: Masq, Route or Tunnel in ipvsadm',
		example: 'tunnel',
	},
	forwardingAddresses: {
		form: oneOf('all', 'external'),
		summary:
			'which addresses of the Service are forwarded so: all, or all but its ClusterIPs, which pods then reach by masquerade',
		kernel: 'a ClusterIP is bound and has virtual servers for its ports, as with masquerade',
		example: 'external',
	},
	tunnelType: {
		form: oneOf('ipip', 'gue', 'gre'),
		summary: 'the tunnel to the endpoints, ipip where it is not said',
		kernel: 'the tunnel type of the real servers; gue needs Linux 5.2, gre 5.3',
		example: 'gue',
	},
	tunnelPort: {
		form: integer(1, 65_535),
		summary: 'the UDP port on which endpoints receive gue, 6080 where it is not said',
		kernel: 'the tunnel port of the real servers',
		example: '6080',
	},
	tunnelChecksum: {
		form: oneOf('none', 'checksum', 'remote-checksum'),
		summary: 'checksums of the tunnel: none, of the outer packet, or remote checksum offload (gue alone)',
		kernel: 'the tunnel flags of the real servers',
		example: 'checksum',
	},
} as const satisfies AnnotationTable

export const NODE_ANNOTATIONS = {
	weight: {
		form: integer(0, MAX_WEIGHT),
		summary: 'weight of every endpoint on this Node, where neither its Service nor its EndpointSlice says another',
		kernel: 'the weight of the real servers',
		example: '4',
	},
} as const satisfies AnnotationTable

export const ENDPOINT_SLICE_ANNOTATIONS = {
	weights: {
		form: weightRules,
		summary: 'shares of the endpoints of a hand-made EndpointSlice, where its Service does not say another',
		kernel: 'the weight of the real servers',
		example: '192.0.2.10 3, default 1',
	},
} as const satisfies AnnotationTable

export type AnnotationTable = Readonly<Record<string, Annotation<unknown>>>

/** What annotations of a table say; absent where nothing (or nothing that is allowed) is said. */
export type Settings<Fields extends AnnotationTable> = {
	readonly [Name in keyof Fields]?: Fields[Name] extends Annotation<infer Value> ? Value : never
}

export type ServiceSettings = Settings<typeof SERVICE_ANNOTATIONS>

export const ANNOTATION_PREFIX = 'kube-lvs.io/'

/** `kube-lvs.io/scheduler-flags` of `schedulerFlags`. */
export const annotationName = (setting: string): string =>
	ANNOTATION_PREFIX + setting.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
