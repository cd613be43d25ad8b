import {expect} from 'chai'
import {type KubeProxyConfig, readKubeProxyConfig} from '../../../src/config/kube-proxy/read.ts'
import {ConfigError} from '../../../src/config/parse.ts'

export const HEAD = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n'

/** A file for mode ipvs with these fields. */
export const read = (fields: string): KubeProxyConfig => readKubeProxyConfig(`${HEAD}mode: ipvs\n${fields}`)

/** The lines of the ConfigError that reading the text ends with. */
export const errorsOf = (text: string): readonly string[] => {
	try {
		readKubeProxyConfig(text)
	} catch (error) {
		expect(error).to.be.instanceOf(ConfigError)
		return error instanceof Error ? error.message.split('\n') : []
	}
	return expect.fail('accepted')
}
