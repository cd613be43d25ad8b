import type {Config} from '../../src/config/fields.ts'
import {type KubeProxyConfig, readKubeProxyConfig} from '../../src/config/kube-proxy/read.ts'
import {parseConfig} from '../../src/config/parse.ts'

/** The file of a kube-proxy in mode ipvs with these fields. */
export const kubeProxyFile = (fields: string): string =>
	`apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ipvs\n${fields}`

/** What such a file says. */
export const kubeProxyConfig = (fields: string): KubeProxyConfig => readKubeProxyConfig(kubeProxyFile(fields))

/** The configuration of kube-lvs with such a file alone. */
export const configFrom = (fields: string): Config => parseConfig('', {}, kubeProxyConfig(fields).fields)
