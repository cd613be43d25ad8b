import {expect} from 'chai'
import {virtualServer} from '../../state/build.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'
import {begin} from '../open.ts'
import {row} from '../row.ts'

row('F6', 'no trial is made where a virtual server with the scheduler exists', async () => {
	const kernel = new FakeKernel()
	kernel.ipvs.load(virtualServer('tcp 203.0.113.9:80', {scheduler: 'wrr'}))
	await begin(kernel, {scheduler: 'wrr'})
	expect(kernel.changes.get('new-service')).to.equal(undefined)
	expect([...kernel.ipvs.servers.keys()]).to.deep.equal(['tcp 203.0.113.9:80'])
})
