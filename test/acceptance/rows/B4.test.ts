import {expect} from 'chai'
import {BOTH, service, slice, slicePort} from '../objects.ts'
import {row} from '../row.ts'

row('B4', 'ports of a slice without a number or a name are ignored, the others are used', async world => {
	const ports = [
		slicePort({port: null}),
		slicePort({port: 0}),
		slicePort({name: null, port: 9090}),
		slicePort({name: 'q', port: 9091}),
		slicePort(),
	]
	world.given(service(), slice(undefined, {ports}))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	expect(world.set('LOOP-BACK')).to.deep.equal(['10.244.1.5,tcp:8080,10.244.1.5'])
	expect(world.problems()).to.deep.equal([])
})
