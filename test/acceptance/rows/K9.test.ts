import {expect} from 'chai'
import {configFrom} from '../kube-proxy-config.ts'
import {nodePortServers, primaryNodePorts} from '../primary-addresses.ts'
import {row} from '../row.ts'

const FIELD = 'bindAddress: 2001:db8::20'

row('K9', 'a bindAddress of IPv6 makes IPv6 the family of the servers', () => {
	expect(configFrom(FIELD)).to.deep.include({
		healthzBindAddress: {address: '::', port: 10_256},
		metricsBindAddress: {address: '::1', port: 10_249},
	})
})

row('K9', 'a bindAddress is the primary address of its family', primaryNodePorts(FIELD), async world => {
	expect(await nodePortServers(world)).to.have.members(['tcp 192.0.2.10:30080', 'tcp [2001:db8::20]:30080'])
})
