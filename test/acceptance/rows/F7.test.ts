import {expect} from 'chai'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'
import {begin, failureOf} from '../open.ts'
import {row} from '../row.ts'

row('F7', 'ipset 4.3 ends the start', async () => {
	const kernel = new FakeKernel()
	kernel.exec.versions.ipset = 'ipset v4.3, protocol version: 4'
	expect(await failureOf(begin(kernel))).to.match(/ipset 6\.0 or newer: it says version 4\.3/)
})

row('F7', 'ipset 6.0 is enough', async () => {
	const kernel = new FakeKernel()
	kernel.exec.versions.ipset = 'ipset v6.0, protocol version: 6'
	expect((await begin(kernel)).kernel.facts.families).to.have.length(2)
})
