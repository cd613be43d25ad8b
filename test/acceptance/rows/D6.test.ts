import {expect} from 'chai'
import {BOTH, LOCAL, port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const MATCH =
	'-m comment --comment "Kubernetes service external ip + port with externalTrafficPolicy=local" ' +
	'-m set --match-set KUBE-EXTERNAL-IP-LOCAL dst,dst'

row('D6', 'an external IP with externalTrafficPolicy Local', async world => {
	const spec = {type: 'NodePort', ports: [port({nodePort: 30080})], externalTrafficPolicy: 'Local'}
	world.given(service({...spec, externalIPs: ['203.0.113.7']}), slice())
	await world.settled()
	expect(world.set('EXTERNAL-IP-LOCAL')).to.deep.equal(['203.0.113.7,tcp:80'])
	// The rules that masquerade match this set: empty, they do nothing.
	expect(world.set('EXTERNAL-IP')).to.deep.equal([])
	expect(world.realServers('tcp 203.0.113.7:80')).to.deep.equal(LOCAL)
	expect(world.inside('tcp 203.0.113.7:80')).to.deep.equal(BOTH)
	expect(world.rules('nat', 'KUBE-SERVICES')).to.include.members([
		`${MATCH} -m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT`,
		`${MATCH} -m addrtype --dst-type LOCAL -j ACCEPT`,
	])
})
