import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('E7', 'another masquerade bit', {config: {masqueradeBit: 17}}, async world => {
	world.given(service(), slice())
	await world.settled()
	for (const family of ['ipv4', 'ipv6'] as const) {
		expect(world.rules('nat', 'KUBE-MARK-MASQ', family)).to.deep.equal(['-j MARK --set-xmark 0x20000/0x20000'])
		expect(world.rules('nat', 'KUBE-POSTROUTING', family)).to.include.members([
			'-m mark ! --mark 0x20000/0x20000 -j RETURN',
			'-j MARK --set-xmark 0x20000/0x0',
		])
		expect(world.rules('filter', 'KUBE-FORWARD', family)[0]).to.equal(
			'-m comment --comment "kubernetes forwarding rules" -m mark --mark 0x20000/0x20000 -j ACCEPT',
		)
	}
	expect(world.kernel.dump().join('\n')).to.not.match(/0x4000\/|\/0x4000\b/)
})
