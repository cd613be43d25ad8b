import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('E10', 'a chain that was flushed by hand is filled again', async world => {
	world.given(service(), slice())
	await world.settled()
	const rules = world.rules('nat', 'KUBE-SERVICES')
	expect(rules).to.not.deep.equal([])
	world.kernel.iptables.load('ipv4', '*nat\n-F KUBE-SERVICES\nCOMMIT\n')
	expect(world.rules('nat', 'KUBE-SERVICES')).to.deep.equal([])
	await world.advance(1000)
	if (world.isQuiet) {
		expect(world.rules('nat', 'KUBE-SERVICES')).to.deep.equal(rules)
	}
	await world.settled()
	expect(world.rules('nat', 'KUBE-SERVICES')).to.deep.equal(rules)
})
