import {expect} from 'chai'
import {address, realServer, virtualServer} from '../../state/build.ts'
import {service, serviceCIDR, slice} from '../objects.ts'
import {row} from '../row.ts'
import type {World} from '../world.ts'

const STALE = 'tcp 10.96.9.9:80'

const loadStale = ({kernel}: World): void => {
	kernel.ipvs.load(virtualServer(STALE), [realServer('10.244.1.9:8080'), realServer('10.244.2.9:8080')])
}

const expectGone = async (world: World): Promise<void> => {
	await world.settled()
	expect(world.servers()).to.have.all.keys('tcp 10.96.0.10:80')
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
	expect(world.set('CLUSTER-IP')).to.deep.equal(['10.96.0.10,tcp:80'])
}

row('F11', 'a stale virtual server in a Service network is deleted', async world => {
	loadStale(world)
	world.given(service(), slice(), serviceCIDR('10.96.0.0/16'))
	await expectGone(world)
})

row('F11', 'so is one whose address stands on kube-ipvs0', async world => {
	loadStale(world)
	world.kernel.links.add('kube-ipvs0', false, [{address: address('10.96.9.9'), length: 32}])
	world.given(service(), slice())
	await expectGone(world)
})

row('F11', 'so is one that stands in a set', async world => {
	loadStale(world)
	world.kernel.ipset.load('create KUBE-CLUSTER-IP hash:ip,port family inet\nadd KUBE-CLUSTER-IP 10.96.9.9,tcp:80\n')
	world.given(service(), slice())
	await expectGone(world)
})

row('F11', 'one with connections is deleted when they are gone', async world => {
	loadStale(world)
	world.kernel.ipvs.setConnections(STALE, '10.244.2.9:8080', 2)
	world.given(service(), slice(), serviceCIDR('10.96.0.0/16'))
	await world.settled()
	expect(world.realServers(STALE)).to.deep.equal({'10.244.2.9:8080': 0})
	world.kernel.ipvs.setConnections(STALE, '10.244.2.9:8080', 0)
	await expectGone(world)
})
