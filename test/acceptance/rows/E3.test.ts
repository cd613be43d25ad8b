import {expect} from 'chai'
import {DUAL_STACK, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const COMMENT = '-m comment --comment "Kubernetes service cluster ip + port for masquerade purpose"'

row('E3', 'local pods are told by clusterCIDR', async world => {
	world.given(service(DUAL_STACK), slice())
	await world.settled()
	expect(world.rules('nat', 'KUBE-SERVICES', 'ipv4')).to.include(
		`! -s 10.244.0.0/16 ${COMMENT} -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ`,
	)
	expect(world.rules('nat', 'KUBE-SERVICES', 'ipv6')).to.include(
		`! -s fd00:244::/56 ${COMMENT} -m set --match-set KUBE-6-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ`,
	)
})
