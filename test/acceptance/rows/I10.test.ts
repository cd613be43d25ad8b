import {expect} from 'chai'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'
import {begin} from '../open.ts'
import {row} from '../row.ts'

const SIZES = [
	['4', '0-3', 131_072],
	['2', '0-1', 131_072],
	['512', '0-255,512-767', 1_048_576],
] as const

for (const [cpus, online, max] of SIZES) {
	row('I10', `${cpus} CPUs track ${max} connections with 32768 for each and 131072 at least`, async () => {
		const kernel = new FakeKernel({sysctls: {'/sys/devices/system/cpu/online': online}})
		await begin(kernel, {conntrackMaxPerCore: 32_768, conntrackMin: 131_072})
		expect(kernel.files.texts.get('/proc/sys/net/netfilter/nf_conntrack_max')).to.equal(`${max}\n`)
		expect(kernel.files.texts.get('/sys/module/nf_conntrack/parameters/hashsize')).to.equal(`${max / 4}\n`)
	})
}
