import {expect} from 'chai'
import {BOTH, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('H6', 'what failed is tried again soon, and ever later', {config: {auditInterval: '1h'}}, async world => {
	world.given(service(), slice())
	if (world.isQuiet) {
		world.kernel.failNext({kind: 'exec', program: 'iptables-nft-restore', exitCode: 4, stderr: 'no luck'}, 3)
		await world.advance(10_000)
		const restores = world.calls().filter(call => call.door === 'exec' && call.program === 'iptables-nft-restore')
		expect(restores).to.have.length(4)
		expect(world.rules('nat', 'KUBE-SERVICES')).to.not.deep.equal([])
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	}
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
})
