import {expect} from 'chai'
import {openNode} from '../../src/cli/open-node.ts'
import {parseConfig} from '../../src/config/parse.ts'
import {sysctlsOf} from '../../src/desired/sysctl.ts'
import {putSettingsBack} from '../../src/kernel/put-back.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'

const MAX = 'net/netfilter/nf_conntrack_max'
const HASHSIZE = '/sys/module/nf_conntrack/parameters/hashsize'
const ESTABLISHED = 'net/netfilter/nf_conntrack_tcp_timeout_established'

/** A node that has nothing to warn of. */
const quietNode = (sysctls: Readonly<Record<string, string | undefined>> = {}) =>
	new FakeKernel({sysctls: {'net/ipv6/conf/all/forwarding': '1', ...sysctls}})

const open = (fake: FakeKernel, config = '', load = true) => openNode(fake.doors, parseConfig(config), {load})

const failureOf = (opening: Promise<unknown>): Promise<string> =>
	opening.then(
		() => 'none',
		error => `${error.name}: ${error.message}`,
	)

const settingOf = (fake: FakeKernel, path: string) =>
	fake.files.texts.get(path.startsWith('/') ? path : `/proc/sys/${path}`)?.trim()

describe('a node before its first sync', () => {
	it('has its connection tracking tuned, and nothing to warn of', async () => {
		const fake = quietNode()
		const {warnings, kernel} = await open(fake)
		expect(warnings).to.deep.equal([])
		expect([MAX, HASHSIZE, ESTABLISHED].map(path => settingOf(fake, path))).to.deep.equal(['131072', '32768', '86400'])
		expect(sysctlsOf(parseConfig(''), kernel.facts).map(({path}) => path)).to.include.members([
			MAX,
			HASHSIZE,
			ESTABLISHED,
		])
	})

	it('is not written to where all is right already', async () => {
		const fake = quietNode()
		await open(fake, 'tcpTimeout: 120s')
		const {writes} = fake.files
		await open(fake, 'tcpTimeout: 120s')
		expect(fake.files.writes).to.equal(writes)
		expect(fake.changes.get('set-config')).to.equal(1)
	})

	it('keeps a hash table that is larger than needed', async () => {
		const fake = quietNode({[HASHSIZE]: '65536'})
		await open(fake)
		expect(settingOf(fake, HASHSIZE)).to.equal('65536')
	})

	it('warns once of what cannot be tuned, and does not ask for it again', async () => {
		const fake = quietNode({[HASHSIZE]: undefined})
		fake.failNext({kind: 'write', path: `/proc/sys/${MAX}`, code: 'EACCES'})
		const {warnings, kernel} = await open(fake)
		expect(warnings).to.deep.equal([
			`kernel settings that cannot be tuned here: ${MAX} = 131072 (EACCES: cannot open '/proc/sys/${MAX}'), ` +
				`${HASHSIZE} = 32768 (ENOENT: cannot open '${HASHSIZE}')`,
		])
		const paths = sysctlsOf(parseConfig(''), kernel.facts).map(({path}) => path)
		expect([ESTABLISHED, MAX, HASHSIZE].filter(path => paths.includes(path))).to.deep.equal([ESTABLISHED])
	})

	it('is warned of timeouts that the kernel does not take', async () => {
		const fake = quietNode()
		fake.failNext({kind: 'errno', errno: 'EPERM', command: 'set-config'})
		expect((await open(fake, 'tcpTimeout: 120s')).warnings).to.deep.equal([
			'the timeouts of IPVS could not be set: EPERM',
		])
	})

	it('is not served with a scheduler that the kernel does not have', async () => {
		expect(await failureOf(open(quietNode(), 'scheduler: nosuch'))).to.equal(
			'Failure: this node lacks what a service proxy for IPVS needs:\n' +
				'  the IPVS scheduler nosuch in the kernel: ' +
				'load the module on the node: modprobe ip_vs_nosuch; or name another one in the field scheduler',
		)
	})

	it('is not served with what it lacks', async () => {
		const fake = quietNode()
		fake.ipset.isLoaded = false
		expect(await failureOf(open(fake))).to.match(
			/\n {2}ipset in the kernel: load the module on the node: modprobe ip_set/,
		)
	})

	it('is only looked at by commands that change nothing', async () => {
		const fake = quietNode()
		const before = fake.dump()
		await open(fake, 'scheduler: nosuch\ntcpTimeout: 120s', false)
		expect(fake.dump()).to.deep.equal(before)
		expect([fake.files.writes, fake.changes.size, fake.files.kept.size]).to.deep.equal([0, 0, 0])
	})
})

describe('a node that kube-lvs leaves', () => {
	const CONFIG = 'tcpTimeout: 120s'

	it('has its settings and timeouts back, and no file of ours', async () => {
		const fake = quietNode()
		const before = [...fake.dump(), fake.ipvs.timeouts.join()]
		await open(fake, CONFIG)
		const {kernel, former} = await open(fake, CONFIG, false)
		expect(await putSettingsBack(kernel, former)).to.deep.equal({count: 5, failures: []})
		expect([...fake.dump(), fake.ipvs.timeouts.join()]).to.deep.equal(before)
		expect(fake.files.kept.size).to.equal(0)
	})

	it('keeps what somebody else has set since', async () => {
		const fake = quietNode()
		await open(fake, CONFIG)
		fake.files.texts.set(`/proc/sys/${MAX}`, '262144\n')
		const {kernel, former} = await open(fake, CONFIG, false)
		expect((await putSettingsBack(kernel, former)).count).to.equal(4)
		expect(settingOf(fake, MAX)).to.equal('262144')
	})

	it('says what could not be put back, and remembers it for the next time', async () => {
		const fake = quietNode()
		await open(fake, CONFIG)
		fake.failNext({kind: 'write', path: `/proc/sys/${MAX}`, code: 'EROFS'})
		const first = await open(fake, CONFIG, false)
		const {failures} = await putSettingsBack(first.kernel, first.former)
		expect(failures).to.deep.equal([`${MAX} = 65536: EROFS: cannot open '/proc/sys/${MAX}'`])
		const second = await open(fake, CONFIG, false)
		expect(await putSettingsBack(second.kernel, second.former)).to.deep.equal({count: 1, failures: []})
		expect(settingOf(fake, MAX)).to.equal('65536')
	})
})
