import {expect} from 'chai'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'
import {begin, failureOf} from '../open.ts'
import {row} from '../row.ts'

row('F7', 'an ipset of the kernel that speaks protocol 4, as that of the program 4.3, ends the start', async () => {
	const kernel = new FakeKernel()
	kernel.ipset.protocols = {newest: 4, oldest: 4}
	expect(await failureOf(begin(kernel))).to.match(/ipset of protocol 6 in the kernel: it speaks 4 to 4/)
})

row('F7', 'one of protocol 6 is enough', async () => {
	const kernel = new FakeKernel()
	kernel.ipset.protocols = {newest: 6, oldest: 6}
	expect((await begin(kernel)).kernel.facts.families).to.have.length(2)
})
