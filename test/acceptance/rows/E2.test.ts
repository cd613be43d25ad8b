import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

const COMMENT = '-m comment --comment "Kubernetes service cluster ip + port for masquerade purpose"'

row('E2', 'masqueradeAll', {config: {masqueradeAll: true}}, async world => {
	world.given(service(), slice())
	await world.settled()
	for (const [family, set] of [
		['ipv4', 'KUBE-CLUSTER-IP'],
		['ipv6', 'KUBE-6-CLUSTER-IP'],
	] as const) {
		const rules = world.rules('nat', 'KUBE-SERVICES', family)
		expect(rules).to.include(`${COMMENT} -m set --match-set ${set} dst,dst -j KUBE-MARK-MASQ`)
		expect(rules.filter(rule => rule.includes(`${set} `) && rule.includes('MARK-MASQ'))).to.have.length(1)
	}
})
