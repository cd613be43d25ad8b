import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('A6', 'without ipFamilies the clusterIP tells the one family', async world => {
	world.given(
		service({clusterIP: 'fd00:96::a', clusterIPs: null, ipFamilies: []}),
		slice(),
		slice(['fd00:244:0:1::5'], {name: 's-2'}),
	)
	await world.settled()
	expect(Object.keys(world.servers())).to.deep.equal(['tcp [fd00:96::a]:80'])
	expect(world.realServers('tcp [fd00:96::a]:80')).to.deep.equal({'[fd00:244:0:1::5]:8080': 1})
	expect(world.vips()).to.deep.equal(['fd00:96::a'])
})
