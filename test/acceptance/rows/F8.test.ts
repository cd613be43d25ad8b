import {expect} from 'chai'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'
import {begin} from '../open.ts'
import {row} from '../row.ts'

row('F8', 'tcpTimeout 120s is set once, for both families, and leaves the other timeouts', async () => {
	const kernel = new FakeKernel()
	await begin(kernel, {tcpTimeout: '120s'})
	expect(kernel.ipvs.timeouts).to.deep.equal([120, 120, 300])
	expect(kernel.changes.get('set-config')).to.equal(1)
	await begin(kernel, {tcpTimeout: '120s'})
	expect(kernel.changes.get('set-config')).to.equal(1)
})

row('F8', 'without timeouts nothing is set', async () => {
	const kernel = new FakeKernel()
	await begin(kernel)
	expect(kernel.changes.get('set-config')).to.equal(undefined)
})
