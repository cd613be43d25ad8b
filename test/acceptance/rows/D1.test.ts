import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D1', 'a Service of type ClusterIP', async world => {
	world.given(service(), slice())
	await world.settled()
	expect(world.servers()).to.deep.equal({
		'tcp 10.96.0.10:80': {
			scheduler: 'rr',
			flags: [],
			persistence: undefined,
			realServers: {'10.244.1.5:8080': 1, '10.244.2.5:8080': 1},
		},
	})
	expect(world.kernel.links.find('kube-ipvs0')?.addresses).to.deep.equal(new Map([['10.96.0.10', 32]]))
	expect(world.set('CLUSTER-IP')).to.deep.equal(['10.96.0.10,tcp:80'])
	expect(world.set('IPVS-IPS')).to.deep.equal(['10.96.0.10'])
	expect(world.set('LOOP-BACK')).to.deep.equal(['10.244.1.5,tcp:8080,10.244.1.5'])
})
