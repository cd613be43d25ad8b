import {expect} from 'chai'
import {LOCAL, port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D22', 'a node port with externalTrafficPolicy Local', async world => {
	const spec = {type: 'NodePort', ports: [port({nodePort: 30080})], externalTrafficPolicy: 'Local'}
	world.given(service(spec), slice())
	await world.settled()
	expect(world.set('NODE-PORT-TCP')).to.deep.equal(['30080'])
	expect(world.set('NODE-PORT-LOCAL-TCP')).to.deep.equal(['30080'])
	expect(world.realServers('tcp 192.0.2.10:30080')).to.deep.equal(LOCAL)
	const rules = world.rules('nat', 'KUBE-NODE-PORT')
	const keep = rules.findIndex(rule => /^-p tcp .*KUBE-NODE-PORT-LOCAL-TCP dst -j RETURN$/.test(rule))
	const masquerade = rules.findIndex(rule => /^-p tcp .*KUBE-NODE-PORT-TCP dst -j KUBE-MARK-MASQ$/.test(rule))
	expect(keep).to.be.at.least(0)
	expect(masquerade).to.be.above(keep)
})
