import {expect} from 'chai'
import {kubeProxyConfig} from '../kube-proxy-config.ts'
import {DUAL_STACK, port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const settings = {
	config: kubeProxyConfig('nodePortAddresses: [primary]').fields,
	host: {interfaces: {eth0: ['192.0.2.10/24', '192.0.2.20/24', '2001:db8::10/64', '2001:db8::20/64']}},
}

row('K8', "node ports are served on the node's primary addresses only", settings, async world => {
	world.given(
		service({...DUAL_STACK, type: 'NodePort', ports: [port({nodePort: 30080})]}),
		slice(),
		slice(['fd00:244:0:1::5'], {name: 's-2'}),
	)
	await world.settled()
	expect(Object.keys(world.servers()).filter(name => name.endsWith(':30080'))).to.have.members([
		'tcp 192.0.2.10:30080',
		'tcp [2001:db8::10]:30080',
	])
})
