import {expect} from 'chai'
import {SysctlClient} from '../../../src/kernel/sysctl/client.ts'
import {FormerSettings} from '../../../src/kernel/sysctl/former-settings.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'

const FILE = '/run/kube-lvs/settings.json'
const BOOT = 'kernel/random/boot_id'
const FORWARD = 'net/ipv4/ip_forward'

const open = (fake: FakeKernel) => new FormerSettings(fake.doors.files, '/run/kube-lvs')

const set = (fake: FakeKernel, path: string, value: string) =>
	new SysctlClient(fake.doors.files, open(fake)).apply([{kind: 'set-sysctl', sysctl: {path, value, why: ''}}])

const noted = async (fake: FakeKernel) => Object.fromEntries(await open(fake).read())

describe('former settings', () => {
	it('are noted before a setting is changed, and survive a restart', async () => {
		const fake = new FakeKernel()
		expect(await set(fake, FORWARD, '1')).to.deep.equal([undefined])
		expect(await noted(fake)).to.deep.equal({[FORWARD]: {former: '0', written: '1'}})
	})

	it('are noted even when the setting is then refused: it may have been changed', async () => {
		const fake = new FakeKernel()
		fake.failNext({kind: 'write', path: `/proc/sys/${FORWARD}`, code: 'EROFS'})
		expect((await set(fake, FORWARD, '1'))[0]).to.have.property('code', 'EROFS')
		expect(await noted(fake)).to.deep.equal({[FORWARD]: {former: '0', written: '1'}})
	})

	it('keep the first value, however often a setting is changed after that', async () => {
		const fake = new FakeKernel()
		for (const value of ['1', '2', '1']) {
			await set(fake, FORWARD, value)
			await set(fake, 'net/ipv4/vs/conntrack', '1')
		}
		expect(await noted(fake)).to.deep.equal({
			[FORWARD]: {former: '0', written: '1'},
			'net/ipv4/vs/conntrack': {former: '0', written: '1'},
		})
	})

	it('of a size that the kernel rounds have the value that it shows', async () => {
		const path = '/sys/module/nf_conntrack/parameters/hashsize'
		const fake = new FakeKernel()
		const {files} = fake.doors
		const rounding = {...files, write: (file: string, text: string) => files.write(file, text === '100' ? '512' : text)}
		const client = new SysctlClient(rounding, open(fake))
		expect(await client.apply([{kind: 'set-sysctl', sysctl: {path, value: '100', why: ''}}])).to.deep.equal([undefined])
		expect(await noted(fake)).to.deep.equal({[path]: {former: '16384', written: '512'}})
	})

	it('that cannot be noted do not keep the node from serving, but are said', async () => {
		const fake = new FakeKernel()
		fake.failNext({kind: 'write', path: FILE, code: 'ENOSPC'})
		const [error] = await set(fake, FORWARD, '1')
		expect(error?.message).to.equal(
			`${FORWARD} is set, but its former value "0" could not be noted: ENOSPC: cannot open '${FILE}'`,
		)
		expect(fake.files.texts.get(`/proc/sys/${FORWARD}`)).to.equal('1\n')
	})

	it('in a file that cannot be read for a moment are kept', async () => {
		const fake = new FakeKernel()
		await set(fake, FORWARD, '1')
		const {files} = fake.doors
		const broken = {
			...files,
			read: (path: string) => (path === FILE ? Promise.reject(new Error('EIO')) : files.read(path)),
		}
		const client = new SysctlClient(broken, new FormerSettings(broken, '/run/kube-lvs'))
		const [error] = await client.apply([{kind: 'set-sysctl', sysctl: {path: FORWARD, value: '0', why: ''}}])
		expect(error?.message).to.include('could not be noted: EIO')
		expect(await noted(fake)).to.deep.equal({[FORWARD]: {former: '0', written: '1'}})
	})

	it('are not changed while they cannot be read', async () => {
		const fake = new FakeKernel()
		const {files} = fake.doors
		const client = new SysctlClient({...files, read: () => Promise.reject(new Error('EIO'))}, open(fake))
		const [error] = await client.apply([{kind: 'set-sysctl', sysctl: {path: FORWARD, value: '1', why: ''}}])
		expect(error?.message).to.equal('EIO')
		expect(fake.files.writes).to.equal(0)
	})

	it('of an earlier boot are not believed', async () => {
		const fake = new FakeKernel({sysctls: {[BOOT]: 'first'}})
		await set(fake, FORWARD, '1')
		fake.files.texts.set(`/proc/sys/${BOOT}`, 'second\n')
		expect(await noted(fake)).to.deep.equal({})
	})

	for (const text of [
		'',
		'{',
		'[]',
		'null',
		'{"boot":"","settings":[1]}',
		'{"boot":"","settings":{"a":{"former":1}}}',
	]) {
		it(`are none in a file with ${text || 'nothing'}`, async () => {
			const fake = new FakeKernel()
			fake.files.kept.set(FILE, text)
			expect(await noted(fake)).to.deep.equal({})
			expect(await set(fake, FORWARD, '1')).to.deep.equal([undefined])
			expect(await noted(fake)).to.deep.equal({[FORWARD]: {former: '0', written: '1'}})
		})
	}
})
