import {expect} from 'chai'
import {BOTH, LOCAL, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row(
	'B12',
	'a slice that is deleted takes its real servers along',
	{config: {auditInterval: '1h', drainInterval: '1h'}},
	async world => {
		const second = slice(['10.244.2.5'], {name: 's-2'})
		world.given(service(), slice(['10.244.1.5']), second)
		await world.settled()
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
		world.remove(second)
		if (world.isQuiet) {
			await world.advance(200)
			expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(LOCAL)
		}
		await world.settled()
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(LOCAL)
	},
)
