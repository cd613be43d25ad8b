import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {execa} from 'execa'

const MEASURE = fileURLToPath(new URL('collect-garbage.ts', import.meta.url))

/** Of the program: the first line of its file. */
const START = readFileSync(new URL('../../bundle/start.mjs', import.meta.url), 'utf8').split('\n')[0] ?? ''
const FLAGS = START.split(' ').filter(word => word.startsWith('--'))

describe('the heap of V8', () => {
	it('has much room until garbage is collected, and little from then on', async function () {
		this.timeout(20_000)
		const {stdout} = await execa('node', [...FLAGS, MEASURE])
		const {before, after} = JSON.parse(stdout)
		expect(before.young).to.be.above(20)
		expect(after.young).to.be.below(15)
		expect(after.all).to.be.below(before.all - 15)
	})
})
