import {expect} from 'chai'
import {DUAL_STACK, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const COMMENT = '-m comment --comment "Kubernetes service cluster ip + port for masquerade purpose"'

const BRIDGE = {detectLocalMode: 'BridgeInterface', bridgeInterface: 'cbr0'}
const PREFIX = {detectLocalMode: 'InterfaceNamePrefix', interfaceNamePrefix: 'cali'}

row('E4', 'local pods are told by their bridge or the names of their interfaces', {config: BRIDGE}, async world => {
	const expectMatch = (interfaceName: string): void => {
		for (const [family, set] of [
			['ipv4', 'KUBE-CLUSTER-IP'],
			['ipv6', 'KUBE-6-CLUSTER-IP'],
		] as const) {
			expect(world.rules('nat', 'KUBE-SERVICES', family)).to.include(
				`! -i ${interfaceName} ${COMMENT} -m set --match-set ${set} dst,dst -j KUBE-MARK-MASQ`,
			)
		}
	}
	world.given(service(DUAL_STACK), slice())
	await world.settled()
	expectMatch('cbr0')
	await world.restart(PREFIX)
	await world.settled()
	expectMatch('cali+')
})
