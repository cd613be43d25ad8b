import {parse} from 'yaml'
import type {Config} from '../../src/config/fields.ts'
import {parseConfig} from '../../src/config/parse.ts'

/** The few fields of a KubeProxyConfiguration that the cases set. */
interface KubeProxyConfiguration {
	readonly hostnameOverride: string
	readonly clusterCIDR?: string
	readonly detectLocalMode?: string
	readonly detectLocal?: {readonly bridgeInterface?: string; readonly interfaceNamePrefix?: string}
	readonly nodePortAddresses?: readonly string[]
	readonly featureGates?: {readonly AllowServiceExternalIPs?: boolean}
	readonly iptables: {readonly masqueradeAll?: boolean; readonly masqueradeBit: number}
	readonly ipvs: {readonly scheduler: string; readonly excludeCIDRs?: readonly string[]}
}

/** Our configuration that asks for the same as this text of a KubeProxyConfiguration. */
export const configOf = (text: string): Config => {
	const asked: KubeProxyConfiguration = parse(text)
	return parseConfig('', {
		nodeName: asked.hostnameOverride,
		clusterCIDR: (asked.clusterCIDR ?? '').split(',').filter(network => network !== ''),
		detectLocalMode: asked.detectLocalMode ?? 'ClusterCIDR',
		bridgeInterface: asked.detectLocal?.bridgeInterface ?? '',
		interfaceNamePrefix: asked.detectLocal?.interfaceNamePrefix ?? '',
		nodePortAddresses: asked.nodePortAddresses ?? [],
		serveExternalIPs: asked.featureGates?.AllowServiceExternalIPs ?? true,
		masqueradeAll: asked.iptables.masqueradeAll ?? false,
		masqueradeBit: asked.iptables.masqueradeBit,
		scheduler: asked.ipvs.scheduler,
		excludeCIDRs: asked.ipvs.excludeCIDRs ?? [],
	})
}
