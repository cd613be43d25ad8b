import * as z from 'zod'
import {durationOrZeroSchema, durationSchema} from './duration.ts'
import {addressSchema, listenSchema, prefixesOrPrimarySchema, prefixesSchema, urlsSchema} from './network-schemas.ts'

/** The kernel's limit, and nothing that would be more than one word of a rule. */
const interfaceName = z
	.string()
	.regex(/^[^\s/"'!]{0,15}$/, 'an interface has a name of at most 15 characters, without blanks')

const count = (byDefault: number) => z.int().min(0).default(byDefault)

/**
 * Every setting, once: the configuration file, the flags and the documentation are made from this table.
 * Names are kube-proxy's where the meaning is the same.
 */
export const CONFIG_SCHEMA = z.strictObject({
	apiVersion: z.literal('kube-lvs.io/v1alpha1').default('kube-lvs.io/v1alpha1'),
	kind: z.literal('KubeLvsConfiguration').default('KubeLvsConfiguration'),
	nodeName: z.string().default('').describe('name of this Node; the host name when empty'),
	source: z.string().default('').describe('folder or file of Kubernetes YAML to serve instead of a cluster'),
	kubeconfig: z
		.string()
		.default('')
		.describe('kubeconfig file; $KUBECONFIG or the service account of the pod when empty'),
	apiServers: urlsSchema.describe(
		'API servers, asked in this order until one serves, in place of the one that the kubeconfig or the pod names',
	),
	clusterCIDR: prefixesSchema.describe('networks of the pods, one per family'),
	detectLocalMode: z
		.enum(['ClusterCIDR', 'NodeCIDR', 'BridgeInterface', 'InterfaceNamePrefix'])
		.default('ClusterCIDR')
		.describe('how to tell the traffic of local pods, which is not masqueraded on its way to a ClusterIP'),
	bridgeInterface: interfaceName.default('').describe('bridge of the local pods, for detectLocalMode BridgeInterface'),
	interfaceNamePrefix: interfaceName
		.default('')
		.describe("start of the names of the local pods' interfaces, for detectLocalMode InterfaceNamePrefix"),
	masqueradeAll: z.boolean().default(false).describe('masquerade all traffic to ClusterIPs'),
	masqueradeBit: z.int().min(0).max(31).default(14).describe('bit of the packet mark that asks for masquerading'),
	serviceCIDR: prefixesSchema.describe('networks of ClusterIPs, for clusters that have no ServiceCIDR objects'),
	bindAddress: addressSchema.describe(
		'takes the place of the primary address of this Node in its family, which becomes the primary family; nothing is bound to it',
	),
	nodePortAddresses: prefixesOrPrimarySchema.describe(
		'node addresses that serve node ports; every one when empty; `primary` stands for the primary address of each family',
	),
	serveExternalIPs: z.boolean().default(true).describe('serve the externalIPs of Services'),
	externalIPNetworks: prefixesSchema.describe('externalIPs outside of these networks are refused; none is when empty'),
	loadBalancerIPNetworks: prefixesSchema.describe(
		'load-balancer IPs outside of these networks are refused; none is when empty',
	),
	watchAllNodes: z
		.boolean()
		.default(true)
		.describe(
			'know the addresses of the other nodes, so that none is ever made local here, and their weights, and one of all nodes writes an Event instead of each; with thousands of nodes the watch costs traffic',
		),
	scheduler: z
		.string()
		.regex(/^[a-z0-9_]{1,15}$/, 'a scheduler of the kernel has a name of 1 to 15 characters, such as rr')
		.default('rr')
		.describe('IPVS scheduler of virtual servers'),
	compatibility: z
		.array(z.enum(['kube-router']))
		.meta({kind: 'list of `kube-router`'})
		.default([])
		.describe("programs whose annotations on Services are followed, where there is none of kube-lvs'"),
	excludeCIDRs: prefixesSchema.describe(
		'virtual servers in these networks are left alone, unless a Service asks for their address and port',
	),
	vipBinding: z
		.enum(['auto', 'address', 'route'])
		.default('auto')
		.describe('how a VIP becomes local: addresses, local routes, or addresses up to 1,000 VIPs and routes beyond'),
	strictARP: z.boolean().default(false).describe('do not answer ARP requests for VIPs (arp_ignore, arp_announce)'),
	minSyncInterval: durationOrZeroSchema('100ms').describe('shortest pause between two syncs'),
	auditInterval: durationSchema('30s').describe('how often the whole kernel state is read and repaired'),
	drainInterval: durationSchema('5s').describe('how often draining real servers are looked at'),
	drainDeadline: durationSchema('15m').describe('how long a draining real server may keep its connections'),
	tcpTimeout: durationOrZeroSchema('0s').describe(
		'IPVS forgets an idle TCP connection after this time; 0 leaves it as it is',
	),
	tcpFinTimeout: durationOrZeroSchema('0s').describe(
		'IPVS forgets a TCP connection this long after its FIN; 0 leaves it as it is',
	),
	udpTimeout: durationOrZeroSchema('0s').describe(
		'IPVS forgets an idle UDP client after this time; 0 leaves it as it is',
	),
	conntrackMaxPerCore: count(32_768).describe('connections to track, for each CPU; 0 leaves the limit as it is'),
	conntrackMin: count(131_072).describe('connections to track at least, whatever conntrackMaxPerCore comes to'),
	conntrackTCPEstablishedTimeout: durationOrZeroSchema('24h').describe(
		'an idle TCP connection is tracked this long; 0 leaves it as it is',
	),
	conntrackTCPCloseWaitTimeout: durationOrZeroSchema('1h').describe(
		'a TCP connection that one side has closed is tracked this long; 0 leaves it as it is',
	),
	conntrackTCPBeLiberal: z
		.boolean()
		.default(false)
		.describe('take TCP packets outside of the window for valid; false leaves it as it is'),
	conntrackUDPTimeout: durationOrZeroSchema('0s').describe(
		'a UDP packet without an answer is tracked this long; 0 leaves it as it is',
	),
	conntrackUDPStreamTimeout: durationOrZeroSchema('0s').describe(
		'an idle UDP stream is tracked this long; 0 leaves it as it is',
	),
	healthzBindAddress: listenSchema('0.0.0.0:10256', 10_256).describe(
		'where /healthz, /livez and /readyz are served; disabled when empty; [::]:10256 if bindAddress is an IPv6 address',
	),
	metricsBindAddress: listenSchema('127.0.0.1:10249', 10_249).describe(
		'where metrics are served; disabled when empty; [::1]:10249 if bindAddress is an IPv6 address',
	),
	trafficMetrics: z
		.enum(['none', 'service', 'endpoint'])
		.default('none')
		.describe(
			'connections, packets and bytes in the metrics: of the whole node, of each Service, or of each endpoint as well; each Service is several series on each node',
		),
	kubeProxyMetrics: z
		.boolean()
		.default(true)
		.describe("tell what kube-proxy measures under kube-proxy's names, too, for dashboards and alerts that know these"),
	bindAddressHardFail: z
		.boolean()
		.default(false)
		.describe('end with an error when healthzBindAddress or metricsBindAddress cannot be listened on'),
	oomScoreAdj: z
		.int()
		.min(-1000)
		.max(1000)
		.default(-999)
		.describe('how readily the kernel ends this process when memory is short; -1000 is never'),
	runtimeDirectory: z
		.string()
		.min(1)
		.default('/run/kube-lvs')
		.describe(
			'folder of the socket that `kube-lvs status` asks, and of the settings that `kube-lvs cleanup` puts back',
		),
	journalMegabytes: z
		.int()
		.min(0)
		.max(100)
		.default(4)
		.describe('room for the journal in runtimeDirectory that `kube-lvs journal` reads, in MB; 0 for none'),
	logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('what to log'),
})

/** All settings, with defaults filled in. Durations are in milliseconds. */
export type Config = Readonly<z.output<typeof CONFIG_SCHEMA>>

export type ConfigField = keyof Config

export const DEFAULT_CONFIG: Config = CONFIG_SCHEMA.parse({})
