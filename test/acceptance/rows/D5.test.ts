import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

const MATCH =
	'-m comment --comment "Kubernetes service external ip + port for masquerade and filter purpose" ' +
	'-m set --match-set KUBE-EXTERNAL-IP dst,dst'

row('D5', 'an external IP', async world => {
	world.given(service({externalIPs: ['203.0.113.7']}), slice())
	await world.settled()
	expect(world.servers()['tcp 203.0.113.7:80']?.realServers).to.deep.equal({
		'10.244.1.5:8080': 1,
		'10.244.2.5:8080': 1,
	})
	expect(world.vips()).to.deep.equal(['10.96.0.10', '203.0.113.7'])
	expect(world.set('EXTERNAL-IP')).to.deep.equal(['203.0.113.7,tcp:80'])
	expect(world.set('EXTERNAL-IP-LOCAL')).to.deep.equal([])
	expect(world.rules('nat', 'KUBE-SERVICES')).to.include.members([
		`${MATCH} -j KUBE-MARK-MASQ`,
		`${MATCH} -m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT`,
		`${MATCH} -m addrtype --dst-type LOCAL -j ACCEPT`,
	])
})
