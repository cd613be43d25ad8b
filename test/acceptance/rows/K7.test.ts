import {expect} from 'chai'
import {ConfigError} from '../../../src/config/parse.ts'
import {kubeProxyConfig} from '../kube-proxy-config.ts'
import {row} from '../row.ts'

row('K7', 'nodePortAddresses primary stands alone', () => {
	expect(() => kubeProxyConfig('nodePortAddresses: [primary, 10.0.0.0/8]')).to.throw(
		ConfigError,
		/^nodePortAddresses\[0\]: .*primary stands alone$/,
	)
})
