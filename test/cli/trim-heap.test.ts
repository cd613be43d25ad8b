import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {execa} from 'execa'

const MEASURE = fileURLToPath(new URL('trim-heap.ts', import.meta.url))

describe('the heap of C', () => {
	it('gives back what is free in the midst of it', async () => {
		const {stdout} = await execa('node', ['--expose-gc', MEASURE])
		// 32 MB were left behind.
		expect(Number(stdout)).to.be.above(24_000_000)
	})
})
