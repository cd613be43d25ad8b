import {expect} from 'chai'
import {ConfigError} from '../../../src/config/parse.ts'
import {kubeProxyConfig} from '../kube-proxy-config.ts'
import {row} from '../row.ts'

row('K3', 'two fields that are wrong are two errors', () => {
	expect(() => kubeProxyConfig('iptables: {masqueradeBit: 32}\nipvs: {minSyncPeriod: 60s, syncPeriod: 30s}'))
		.to.throw(ConfigError)
		.with.property('message')
		.that.matches(/^iptables\.masqueradeBit: .*<=31\nipvs\.minSyncPeriod: 1m is longer than ipvs\.syncPeriod, 30s$/)
})
