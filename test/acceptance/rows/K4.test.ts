import {expect} from 'chai'
import {parseConfig} from '../../../src/config/parse.ts'
import {configFrom} from '../kube-proxy-config.ts'
import {row} from '../row.ts'

row('K4', 'healthzBindAddress gets its port', () => {
	const healthzBindAddress = {address: '0.0.0.0', port: 10_256}
	expect(configFrom('healthzBindAddress: 0.0.0.0')).to.deep.include({healthzBindAddress})
	expect(parseConfig('healthzBindAddress: 0.0.0.0')).to.deep.include({healthzBindAddress})
})
