import {kubeProxyConfig} from './kube-proxy-config.ts'
import {DUAL_STACK, port, service, slice} from './objects.ts'
import type {World, WorldSettings} from './world.ts'

/** A node with two addresses in each family, and node ports on its primary ones. */
export const primaryNodePorts = (fields = ''): WorldSettings => ({
	config: kubeProxyConfig(`nodePortAddresses: [primary]\n${fields}`).fields,
	host: {interfaces: {eth0: ['192.0.2.10/24', '192.0.2.20/24', '2001:db8::10/64', '2001:db8::20/64']}},
})

/** Where node port 30080 of a dual-stack Service is served. */
export const nodePortServers = async (world: World): Promise<readonly string[]> => {
	world.given(
		service({...DUAL_STACK, type: 'NodePort', ports: [port({nodePort: 30080})]}),
		slice(),
		slice(['fd00:244:0:1::5'], {name: 's-2'}),
	)
	await world.settled()
	return Object.keys(world.servers()).filter(name => name.endsWith(':30080'))
}
