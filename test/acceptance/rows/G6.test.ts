import {expect} from 'chai'
import {realServer, virtualServer} from '../../state/build.ts'
import {BOTH, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('G6', 'a desired real server that stands at weight 0 at the start gets its weight', async world => {
	const server = virtualServer('tcp 10.96.0.10:80')
	world.kernel.ipvs.load(server, [realServer('10.244.1.5:8080', {weight: 0}), realServer('10.244.2.5:8080')])
	world.given(service(), slice())
	if (world.isQuiet) {
		await world.advance(0)
		expect(world.observer.syncs).to.have.length(1)
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	}
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
})
