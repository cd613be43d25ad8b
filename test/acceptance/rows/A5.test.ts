import {expect} from 'chai'
import {BOTH, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('A5', 'a Service of both families, IPv6 first', async world => {
	world.given(
		service({clusterIPs: ['fd00:96::a', '10.96.0.10'], ipFamilies: ['IPv6', 'IPv4']}),
		slice(),
		slice(['fd00:244:0:1::5'], {name: 's-2'}),
	)
	await world.settled()
	expect(Object.keys(world.servers()).sort()).to.deep.equal(['tcp 10.96.0.10:80', 'tcp [fd00:96::a]:80'])
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	expect(world.realServers('tcp [fd00:96::a]:80')).to.deep.equal({'[fd00:244:0:1::5]:8080': 1})
	expect(world.set('CLUSTER-IP')).to.deep.equal(['10.96.0.10,tcp:80'])
	expect(world.set('6-CLUSTER-IP')).to.deep.equal(['fd00:96::a,tcp:80'])
})
