import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

const LEFT_OVER = `*nat
:KUBE-SERVICES - [0:0]
:KUBE-POSTROUTING - [0:0]
-A PREROUTING -i eth7 -j ACCEPT
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN
COMMIT
*filter
:KUBE-IPVS-FILTER - [0:0]
-A INPUT -m comment --comment "kubernetes ipvs access filter" -j KUBE-IPVS-FILTER
COMMIT
`

row('E11', 'jumps that kube-proxy left are not inserted a second time', async world => {
	world.kernel.iptables.load('ipv4', LEFT_OVER)
	world.given(service(), slice())
	await world.settled()
	await world.restart()
	await world.settled()
	for (const family of ['ipv4', 'ipv6'] as const) {
		const tables = [...world.kernel.iptables.tables(family).values()]
		const jumps = tables.flatMap(chains =>
			[...chains].flatMap(([chain, {rules}]) =>
				rules.filter(rule => / -j KUBE-/.test(rule)).map(rule => `${chain} ${rule}`),
			),
		)
		expect(jumps.length).to.be.above(8)
		expect(jumps.filter((jump, at) => jumps.indexOf(jump) !== at)).to.deep.equal([])
	}
	expect(world.rules('nat', 'PREROUTING')[0]).to.equal('-i eth7 -j ACCEPT')
})
