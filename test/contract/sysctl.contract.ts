import {expect} from 'chai'
import {SysctlClient} from '../../src/kernel/sysctl/client.ts'
import {describeContract, type OpenDoors} from './bench.ts'

const PATH = 'net/ipv4/vs/conntrack'
const MISSING = 'net/ipv4/vs/nosuch'

/** What the client for kernel settings has to do on any kernel. */
export const describeSysctlContract = (name: string, open: OpenDoors): void =>
	describeContract(`sysctl client on ${name}`, open, bench => {
		const set = (path: string, value: string) =>
			new SysctlClient(bench().doors.files).apply([{kind: 'set-sysctl', sysctl: {path, value, why: ''}}])
		const read = async (...paths: readonly string[]) =>
			(await new SysctlClient(bench().doors.files).read(paths)).sysctls

		it('reads back what it set, without the newline', async () => {
			for (const value of ['1', '0', '1']) {
				expect(await set(PATH, value)).to.deep.equal([undefined])
				expect(await read(PATH)).to.deep.equal(new Map([[PATH, value]]))
			}
		})

		it('leaves out what this kernel does not have', async () => {
			expect(await read(MISSING, 'net/ipv4/ip_forward')).to.have.all.keys('net/ipv4/ip_forward')
		})

		it('sets a whole path, and reads back the size that the kernel made of it', async () => {
			const path = '/sys/module/nf_conntrack/parameters/hashsize'
			const former = (await read(path)).get(path) ?? ''
			expect(await set(path, String(Number(former) * 2))).to.deep.equal([undefined])
			expect(Number((await read(path)).get(path))).to.be.at.least(Number(former) * 2)
			expect(await set(path, former)).to.deep.equal([undefined])
		})

		it('reports a setting that this kernel does not have', async () => {
			const [error] = await set(MISSING, '1')
			expect(error).to.have.property('code', 'ENOENT')
		})
	})
