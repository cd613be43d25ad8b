import {expect} from 'chai'
import {service, slice, slicePort} from '../objects.ts'
import {row} from '../row.ts'

row('B5', 'one pod that serves a port under two numbers is two real servers', async world => {
	world.given(service(), slice(['10.244.1.5']), slice(['10.244.1.5'], {name: 's-2', ports: [slicePort({port: 9090})]}))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({'10.244.1.5:8080': 1, '10.244.1.5:9090': 1})
	expect(world.set('LOOP-BACK')).to.deep.equal(['10.244.1.5,tcp:8080,10.244.1.5', '10.244.1.5,tcp:9090,10.244.1.5'])
})
