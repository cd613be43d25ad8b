import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D2', 'a ClusterIP of IPv6', async world => {
	world.given(service({clusterIP: 'fd00:96::a'}), slice(['fd00:244:0:1::5', 'fd00:244:0:2::5']))
	await world.settled()
	expect(Object.keys(world.servers())).to.deep.equal(['tcp [fd00:96::a]:80'])
	expect(world.realServers('tcp [fd00:96::a]:80')).to.deep.equal({
		'[fd00:244:0:1::5]:8080': 1,
		'[fd00:244:0:2::5]:8080': 1,
	})
	expect(world.kernel.links.find('kube-ipvs0')?.addresses).to.deep.equal(new Map([['fd00:96::a', 128]]))
	expect(world.set('6-CLUSTER-IP')).to.deep.equal(['fd00:96::a,tcp:80'])
	expect(world.set('6-IPVS-IPS')).to.deep.equal(['fd00:96::a'])
	expect(world.set('6-LOOP-BACK')).to.deep.equal(['fd00:244:0:1::5,tcp:8080,fd00:244:0:1::5'])
	expect(world.set('CLUSTER-IP')).to.deep.equal([])
})
