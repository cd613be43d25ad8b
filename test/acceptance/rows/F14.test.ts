import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('F14', 'a set that is too small is replaced, and syncs go on', async world => {
	world.kernel.ipset.load('create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 1024\n')
	world.given(service(), slice())
	await world.settled()
	expect(world.kernel.ipset.sets.get('KUBE-CLUSTER-IP')?.maxElements).to.equal(65_536)
	expect(world.set('CLUSTER-IP')).to.deep.equal(['10.96.0.10,tcp:80'])
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({'10.244.1.5:8080': 1, '10.244.2.5:8080': 1})
	world.change(service({clusterIP: '10.96.0.11'}, {name: 't'}), slice(['10.244.1.6'], {name: 't-1', service: 't'}))
	await world.settled()
	expect(world.set('CLUSTER-IP')).to.have.members(['10.96.0.10,tcp:80', '10.96.0.11,tcp:80'])
})
