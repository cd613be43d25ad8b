import {expect} from 'chai'
import {BOTH, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('H4', 'without any change, an audit comes at every interval', {config: {auditInterval: '30s'}}, async world => {
	world.given(service(), slice())
	await world.settled()
	const before = world.observer.syncs.length
	await world.advance(5 * 30_000)
	if (world.isQuiet) {
		const audits = world.observer.syncs.slice(before).filter(({kind}) => kind === 'audit')
		expect(audits).to.have.length(5)
	}
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
})
