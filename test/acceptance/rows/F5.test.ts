import {expect} from 'chai'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'
import {begin, failureOf} from '../open.ts'
import {row} from '../row.ts'

row('F5', 'a scheduler that the kernel does not have ends the start, and no trial is left behind', async () => {
	const kernel = new FakeKernel()
	kernel.ipvs.schedulers.delete('wrr')
	expect(await failureOf(begin(kernel, {scheduler: 'wrr'}))).to.match(
		/the IPVS scheduler wrr in the kernel: .*modprobe ip_vs_wrr.*the field scheduler/,
	)
	expect(kernel.ipvs.servers.size).to.equal(0)
})

row('F5', 'a scheduler that the kernel has is tried out, and no trial is left behind', async () => {
	const kernel = new FakeKernel()
	await begin(kernel, {scheduler: 'wrr'})
	expect(kernel.changes.get('new-service')).to.equal(1)
	expect(kernel.ipvs.servers.size).to.equal(0)
})
