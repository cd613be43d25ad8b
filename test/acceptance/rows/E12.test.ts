import {expect} from 'chai'
import {DUAL_STACK, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('E12', 'what comes from a loopback address is not touched', async world => {
	world.given(service(DUAL_STACK), slice())
	await world.settled()
	expect(world.rules('nat', 'KUBE-SERVICES', 'ipv4')[0]).to.equal('-s 127.0.0.0/8 -j RETURN')
	expect(world.rules('nat', 'KUBE-SERVICES', 'ipv6')[0]).to.equal('-s ::1/128 -j RETURN')
})
