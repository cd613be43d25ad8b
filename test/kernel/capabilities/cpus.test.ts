import {availableParallelism} from 'node:os'
import {expect} from 'chai'
import {countCpus} from '../../../src/kernel/capabilities/cpus.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'

const own = availableParallelism()

describe('the CPUs of a node', () => {
	const cases: readonly (readonly [text: string | undefined, cpus: number])[] = [
		['0', 1],
		['0-1', 2],
		['0-3,8', 5],
		['0-127,256-383', 256],
		['', own],
		['all', own],
		['0-3,x', own],
		['3-0', own],
		[undefined, own],
	]
	for (const [text, cpus] of cases) {
		it(`${text === undefined ? 'unknown' : `"${text}"`} are ${cpus === own ? 'those of this process' : cpus}`, async () => {
			const {doors} = new FakeKernel({sysctls: {'/sys/devices/system/cpu/online': text}})
			expect(await countCpus(doors.files)).to.equal(cpus)
		})
	}
})
