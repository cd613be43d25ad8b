import {expect} from 'chai'
import {DUAL_STACK, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const COMMENT = '-m comment --comment "Kubernetes service cluster ip + port for masquerade purpose"'

row(
	'E5',
	'where local pods cannot be told, what the node itself sends is masqueraded',
	{config: {clusterCIDR: []}},
	async world => {
		world.given(service(DUAL_STACK), slice())
		await world.settled()
		for (const [family, set] of [
			['ipv4', 'KUBE-CLUSTER-IP'],
			['ipv6', 'KUBE-6-CLUSTER-IP'],
		] as const) {
			expect(world.rules('nat', 'KUBE-SERVICES', family)).to.include(
				`${COMMENT} -m set --match-set ${set} src,dst -j KUBE-MARK-MASQ`,
			)
		}
	},
)
