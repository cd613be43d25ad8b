import {expect} from 'chai'
import {realServer, virtualServer} from '../../state/build.ts'
import {BOTH, service, serviceCIDR, slice} from '../objects.ts'
import {row} from '../row.ts'

const FOREIGN = virtualServer('tcp 10.9.0.1:80', {scheduler: 'wrr'})

/** Even where everything else says that it is a leftover of ours. */
const settings = {config: {excludeCIDRs: ['10.9.0.0/16'], serviceCIDR: ['10.0.0.0/8']}}

row('F10', 'a virtual server in excludeCIDRs is kept with its real servers', settings, async world => {
	world.kernel.ipvs.load(FOREIGN, [realServer('10.9.1.1:80', {weight: 7}), realServer('10.9.1.2:80', {weight: 0})])
	world.kernel.ipset.load('create KUBE-CLUSTER-IP hash:ip,port family inet\nadd KUBE-CLUSTER-IP 10.9.0.1,tcp:80\n')
	world.given(service(), slice(), serviceCIDR('10.0.0.0/8'))
	await world.settled()
	await world.restart()
	await world.settled()
	expect(world.servers()).to.have.all.keys('tcp 10.9.0.1:80', 'tcp 10.96.0.10:80')
	expect(world.servers()['tcp 10.9.0.1:80']).to.deep.include({
		scheduler: 'wrr',
		realServers: {'10.9.1.1:80': 7, '10.9.1.2:80': 0},
	})
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
})
