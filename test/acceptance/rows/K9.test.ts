import {expect} from 'chai'
import {configFrom, kubeProxyConfig} from '../kube-proxy-config.ts'
import {DUAL_STACK, port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const FILE = 'bindAddress: 2001:db8::20\nnodePortAddresses: [primary]'

const settings = {
	config: kubeProxyConfig(FILE).fields,
	host: {interfaces: {eth0: ['192.0.2.10/24', '192.0.2.20/24', '2001:db8::10/64', '2001:db8::20/64']}},
}

row('K9', 'a bindAddress of IPv6 makes IPv6 the family of the servers', () => {
	expect(configFrom(FILE)).to.deep.include({
		healthzBindAddress: {address: '::', port: 10_256},
		metricsBindAddress: {address: '::1', port: 10_249},
	})
})

row('K9', 'a bindAddress is the primary address of its family', settings, async world => {
	world.given(
		service({...DUAL_STACK, type: 'NodePort', ports: [port({nodePort: 30080})]}),
		slice(),
		slice(['fd00:244:0:1::5'], {name: 's-2'}),
	)
	await world.settled()
	expect(Object.keys(world.servers()).filter(name => name.endsWith(':30080'))).to.have.members([
		'tcp 192.0.2.10:30080',
		'tcp [2001:db8::20]:30080',
	])
})
