import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {execa} from 'execa'
import {NODE_FLAGS} from '../../bundle/node-flags.ts'

const MEASURE = fileURLToPath(new URL('collect-garbage.ts', import.meta.url))

describe('the heap of V8', () => {
	it('has much room until garbage is collected, and little from then on', async () => {
		const {stdout} = await execa('node', [...NODE_FLAGS, MEASURE])
		const {before, after} = JSON.parse(stdout)
		expect(before.young).to.be.above(20)
		expect(after.young).to.be.below(15)
		expect(after.all).to.be.below(before.all - 15)
	})
})
