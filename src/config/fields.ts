import {z} from 'zod'
import {parsePrefix} from '../net/prefix.ts'
import {durationSchema} from './duration.ts'

const prefix = z.string().transform((text, context) => {
	const parsed = parsePrefix(text)
	if (!parsed) {
		context.addIssue({code: 'custom', message: `"${text}" is not a network in CIDR form, such as 10.244.0.0/16`})
		return z.NEVER
	}
	return parsed
})

const prefixes = z.array(prefix)

/** The kernel's limit, and nothing that would be more than one word of a rule. */
const interfaceName = z
	.string()
	.regex(/^[^\s/"'!]{0,15}$/, 'an interface has a name of at most 15 characters, without blanks')

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
	clusterCIDR: prefixes.default([]).describe('networks of the pods, one per family'),
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
	nodePortAddresses: prefixes.default([]).describe('node addresses that serve node ports; every one when empty'),
	scheduler: z
		.string()
		.regex(/^[a-z0-9_]{1,15}$/, 'a scheduler of the kernel has a name of 1 to 15 characters, such as rr')
		.default('rr')
		.describe('IPVS scheduler of virtual servers'),
	excludeCIDRs: prefixes
		.default([])
		.describe('virtual servers in these networks are left alone, unless a Service asks for their address and port'),
	vipBinding: z
		.enum(['auto', 'address', 'route'])
		.default('auto')
		.describe('how a VIP becomes local: addresses, local routes, or addresses up to 1,000 VIPs and routes beyond'),
	strictARP: z.boolean().default(false).describe('do not answer ARP requests for VIPs (arp_ignore, arp_announce)'),
	minSyncInterval: durationSchema('100ms').describe('shortest pause between two syncs'),
	auditInterval: durationSchema('30s').describe('how often the whole kernel state is read and repaired'),
	drainInterval: durationSchema('5s').describe('how often draining real servers are looked at'),
	runtimeDirectory: z
		.string()
		.min(1)
		.default('/run/kube-lvs')
		.describe('folder of the socket that `kube-lvs status` asks'),
	logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('what to log'),
})

/** All settings, with defaults filled in. Durations are in milliseconds. */
export type Config = Readonly<z.output<typeof CONFIG_SCHEMA>>

export type ConfigField = keyof Config

export const DEFAULT_CONFIG: Config = CONFIG_SCHEMA.parse({})
