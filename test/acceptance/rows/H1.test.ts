import {expect} from 'chai'
import {OBJECT_KINDS} from '../../../src/model/object.ts'
import {BOTH, node, service, slice} from '../objects.ts'
import {row} from '../row.ts'

for (const missing of OBJECT_KINDS) {
	row('H1', `nothing is changed before every ${missing} has been listed`, async world => {
		const untouched = world.kernel.dump()
		world.start()
		world.change(node(), service(), slice())
		world.synced(...OBJECT_KINDS.filter(kind => kind !== missing))
		await world.advance(60_000)
		expect(world.kernel.dump()).to.deep.equal(untouched)
		world.synced(missing)
		await world.settled()
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	})
}
