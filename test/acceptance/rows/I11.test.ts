import {expect} from 'chai'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'
import {begin} from '../open.ts'
import {row} from '../row.ts'

row('I11', 'with 0 for each CPU the size is left as it is, whatever conntrackMin says', async () => {
	const kernel = new FakeKernel()
	const sizes = () => kernel.dump().filter(line => /conntrack_max|hashsize/.test(line))
	const before = sizes()
	await begin(kernel, {conntrackMaxPerCore: 0, conntrackMin: 5})
	expect(before).to.have.length(2)
	expect(sizes()).to.deep.equal(before)
})
