import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('H2', 'a hundred changes within one sync are one more sync', {config: {auditInterval: '1h'}}, async world => {
	world.given(service(), slice())
	await world.settled()
	const before = world.observer.syncs.length
	let isFirst = true
	// In the middle of the first sync, at its first request to the kernel.
	world.kernel.failNext(
		{
			kind: 'request',
			choose: () => {
				for (let at = 0; isFirst && at < 100; at++) {
					world.change(slice([`10.244.1.${at + 10}`]))
				}
				isFirst = false
				return undefined
			},
		},
		1,
	)
	world.change(slice(['10.244.1.6']))
	if (world.isQuiet) {
		await world.advance(10_000)
		expect(world.observer.syncs.length).to.equal(before + 2)
	}
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({'10.244.1.109:8080': 1})
})
