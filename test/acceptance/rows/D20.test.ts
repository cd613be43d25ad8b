import {expect} from 'chai'
import {port, service, slice, slicePort} from '../objects.ts'
import {row} from '../row.ts'

row('D20', 'a node port of UDP', async world => {
	world.given(
		service({type: 'NodePort', ports: [port({port: 53, protocol: 'UDP', nodePort: 30053})]}),
		slice(undefined, {ports: [slicePort({protocol: 'UDP', port: 5353})]}),
	)
	await world.settled()
	expect(Object.keys(world.servers()).sort()).to.deep.equal(['udp 10.96.0.10:53', 'udp 192.0.2.10:30053'])
	expect(world.set('NODE-PORT-UDP')).to.deep.equal(['30053'])
	expect(world.set('NODE-PORT-TCP')).to.deep.equal([])
	expect(world.rules('nat', 'KUBE-NODE-PORT').join('\n')).to.match(
		/^-p udp .*--match-set KUBE-NODE-PORT-UDP dst -j KUBE-MARK-MASQ$/m,
	)
})
