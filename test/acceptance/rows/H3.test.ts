import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row(
	'H3',
	'the next sync waits until minSyncInterval after the last',
	{config: {minSyncInterval: '1s', auditInterval: '1h'}},
	async world => {
		world.given(service(), slice())
		await world.settled()
		await world.advance(5000)
		world.change(slice(['10.244.1.6']))
		await world.advance(200)
		world.change(slice(['10.244.1.7']))
		if (world.isQuiet) {
			await world.advance(799)
			expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({'10.244.1.6:8080': 1})
			await world.advance(1)
			expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({'10.244.1.7:8080': 1})
		}
		await world.settled()
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({'10.244.1.7:8080': 1})
	},
)
