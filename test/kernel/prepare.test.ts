import {expect} from 'chai'
import {prepareKernel} from '../../src/kernel/prepare.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'

const prepare = (fake: FakeKernel) => prepareKernel(fake.doors, {load: true})

/** A node that has nothing to warn of. */
const FORWARDING = {'net/ipv6/conf/all/forwarding': '1'}

describe('what a node can do', () => {
	it('is everything where nothing is missing', async () => {
		expect(await prepare(new FakeKernel({sysctls: FORWARDING}))).to.deep.equal({
			facts: {
				families: ['ipv4', 'ipv6'],
				kernelVersion: [6, 1, 0],
				hasRandomFully: true,
				cpus: 2,
				smallestMTU: 1500,
				hasPolicyRules: true,
				tunable: new Set(),
			},
			variant: 'nft',
			missing: [],
			warnings: [],
		})
	})

	it('is said to lack IPVS, ipset and iptables, each with a remedy', async () => {
		const fake = new FakeKernel()
		fake.ipvs.isLoaded = false
		fake.ipset.isLoaded = false
		fake.exec.missing.add('iptables-nft')
		const {missing} = await prepare(fake)
		expect(missing.map(({what}) => what)).to.deep.equal([
			'IPVS in the kernel',
			'ipset in the kernel',
			'the program iptables',
		])
		expect(missing.every(({remedy}) => remedy !== '')).to.equal(true)
	})

	it('is not enough while the name of the device is taken by an interface of another kind', async () => {
		const fake = new FakeKernel()
		const link = fake.links.add('kube-ipvs0', true)
		expect((await prepare(fake)).missing).to.deep.equal([])
		Object.assign(link ?? {}, {kind: 'bridge'})
		const {missing} = await prepare(fake)
		expect(missing.map(({what}) => what)).to.deep.equal(['the name kube-ipvs0: an interface of kind bridge has it'])
		Object.assign(link ?? {}, {kind: ''})
		expect((await prepare(fake)).missing.map(({what}) => what)).to.deep.equal([
			'the name kube-ipvs0: an interface without a kind has it',
		])
	})

	it('is told with the smallest packet that each way out takes, of the interfaces that are up and lead somewhere', async () => {
		const fake = new FakeKernel()
		for (const [name, isUp, mtu] of [
			['wg0', true, 1420],
			['tunl0', false, 1380],
			['kube-ipvs0', true, 1300],
		] as const) {
			Object.assign(fake.links.add(name, isUp) ?? {}, {mtu})
		}
		Object.assign(fake.links.find('lo') ?? {}, {mtu: 1000})
		expect((await prepare(fake)).facts.smallestMTU).to.equal(1420)
	})

	it('has no policy rules where the kernel does not know the question', async () => {
		const fake = new FakeKernel()
		fake.failNext({kind: 'errno', command: 'get-rule', errno: 'EOPNOTSUPP'})
		expect((await prepare(fake)).facts.hasPolicyRules).to.equal(false)
	})

	it('leaves segments alone where the kernel has nothing to clamp them with, or it cannot be told', async () => {
		const kernelWith = async (...files: readonly (readonly [string, string])[]) => {
			const fake = new FakeKernel()
			fake.exec.missing.add('modprobe')
			for (const [path, text] of files) {
				fake.files.texts.set(path, text)
			}
			return (await prepare(fake)).facts.smallestMTU
		}
		expect(await kernelWith()).to.equal(undefined)
		expect(await kernelWith(['/proc/net/ip_tables_targets', 'MARK\nERROR\n'])).to.equal(undefined)
		expect(await kernelWith(['/proc/net/ip_tables_targets', 'TCPMSS\nERROR\n'])).to.equal(1500)
		expect(await kernelWith(['/sys/module/xt_TCPMSS/initstate', 'live\n'])).to.equal(1500)
	})

	it('names the right that is missing, not the program', async () => {
		const fake = new FakeKernel()
		fake.failNext({kind: 'errno', command: 'get-protocol', errno: 'EPERM'})
		const stderr = 'iptables: Permission denied (you must be root)'
		fake.failNext({kind: 'exec', program: 'iptables-legacy', exitCode: 4, stderr})
		const asked: string[] = []
		fake.failNext({kind: 'request', choose: ({command}) => void asked.push(command)})
		const {missing} = await prepare(fake)
		expect(asked, 'to which the kernel has no answer then').to.not.include('begin-batch')
		const remedy = 'run as root, or with the capability NET_ADMIN'
		expect(missing).to.deep.equal([
			{what: 'the right to use ipset', remedy},
			{what: 'the right to use iptables', remedy},
		])
	})

	it('is IPv4 alone where IPv6 is off, or ip6tables does not work', async () => {
		const off = new FakeKernel({sysctls: {'net/ipv6/conf/all/disable_ipv6': '1'}})
		expect((await prepare(off)).facts.families).to.deep.equal(['ipv4'])
		const broken = new FakeKernel()
		broken.exec.missing.add('ip6tables-nft')
		const {facts, missing, warnings} = await prepare(broken)
		expect(facts.families).to.deep.equal(['ipv4'])
		expect(missing).to.deep.equal([])
		expect(warnings.filter(text => text.includes('IPv6'))).to.have.length(1)
		expect(warnings.join()).to.match(/^no Service is served over IPv6, because ip6tables-nft does not work \(.+\)/)
		expect((await prepare(off)).warnings.join()).to.not.include('IPv6')
	})

	it('lacks nothing where iptables only waits for another program for too long', async () => {
		const busy = new FakeKernel()
		const stderr =
			"Can't lock /run/xtables.lock: Resource temporarily unavailable\n" +
			'Another app is currently holding the xtables lock. Stopped waiting after 5s.\n'
		for (const program of ['iptables-nft', 'ip6tables-nft']) {
			busy.failNext({kind: 'exec', program, exitCode: 4, stderr})
		}
		const {facts, missing} = await prepare(busy)
		expect(facts.families).to.deep.equal(['ipv4', 'ipv6'])
		expect(missing).to.deep.equal([])
	})

	it('names what iptables says first, on one line', async () => {
		const broken = new FakeKernel()
		const stderr = "can't initialize iptables table `nat': Table does not exist\nPerhaps it needs to be upgraded.\n"
		broken.failNext({kind: 'exec', program: 'iptables-nft', exitCode: 3, stderr})
		expect((await prepare(broken)).missing.map(({what}) => what)).to.deep.equal([
			"iptables (can't initialize iptables table `nat': Table does not exist)",
		])
	})

	it('is not guessed when the answer to the question for nf_tables gets lost', async () => {
		const fake = new FakeKernel()
		await fake.doors.exec.run('modprobe', [])
		fake.loseReplies(20)
		const error = await prepare(fake).then(
			() => undefined,
			error => error,
		)
		expect(error).to.be.an('error').with.property('name', 'LostReplies')
	})

	const ipsets: readonly (readonly [oldest: number, newest: number, missing: readonly string[]])[] = [
		[6, 7, []],
		[6, 6, []],
		[4, 4, ['ipset of protocol 6 in the kernel: it speaks 4 to 4']],
		[7, 8, ['ipset of protocol 6 in the kernel: it speaks 7 to 8']],
	]
	for (const [oldest, newest, expected] of ipsets) {
		it(`${expected.length > 0 ? 'is not enough' : 'is enough'} with protocols ${oldest} to ${newest} for sets`, async () => {
			const fake = new FakeKernel()
			fake.ipset.protocols = {oldest, newest}
			expect((await prepare(fake)).missing.map(({what}) => what)).to.deep.equal(expected)
		})
	}

	const iptables: readonly (readonly [said: string, has: boolean])[] = [
		['iptables v1.6.1', false],
		['iptables v1.6.2', true],
		['iptables v1.8.9 (nf_tables)', true],
		['', false],
	]
	for (const [said, has] of iptables) {
		it(`${has ? 'has' : 'has not'} --random-fully with "${said}"`, async () => {
			const fake = new FakeKernel()
			fake.exec.versions.iptables = said
			expect((await prepare(fake)).facts.hasRandomFully).to.equal(has)
		})
	}

	it('is warned of rules of kube-proxy in the other variant of iptables', async () => {
		const fake = new FakeKernel({sysctls: FORWARDING})
		fake.iptables.load('ipv4', '*mangle\n:KUBE-KUBELET-CANARY - [0:0]\nCOMMIT\n', 'nft')
		fake.iptables.load('ipv4', '*nat\n:THEIRS - [0:0]\nCOMMIT\n', 'legacy')
		fake.iptables.load('ipv6', '*nat\n:KUBE-SERVICES - [0:0]\nCOMMIT\n', 'legacy')
		const {variant, warnings} = await prepare(fake)
		expect(variant).to.equal('nft')
		expect(warnings).to.have.lengthOf(1)
		expect(warnings[0]).to.match(/^ip6tables-legacy has rules of kube-proxy, .*\| ip6tables-legacy-restore$/)
	})

	it('does not ask for rules of nft where the kernel has no nf_tables', async () => {
		const fake = new FakeKernel({sysctls: FORWARDING, variant: 'legacy'})
		await prepare(fake)
		expect(fake.exec.runs.filter(({program}) => program.includes('nft'))).to.deep.equal([])
	})

	const warnings: readonly (readonly [sysctls: Record<string, string | undefined>, warning: RegExp | undefined])[] = [
		[
			{'net/ipv6/conf/all/forwarding': '0'},
			/^net\/ipv6\/conf\/all\/forwarding is 0: no packet reaches a pod over IPv6/,
		],
		[{'net/ipv6/conf/all/forwarding': '0', 'net/ipv6/conf/all/disable_ipv6': '1'}, undefined],
		[{...FORWARDING, 'kernel/osrelease': '4.0.9'}, /^kernel 4\.0\.9 has no net\/ipv4\/vs\/conn_reuse_mode/],
		[{...FORWARDING, 'kernel/osrelease': '5.4.0'}, undefined],
		[{...FORWARDING, 'kernel/osrelease': undefined}, /^the version of the kernel cannot be told/],
	]
	for (const [sysctls, expected] of warnings) {
		it(`${expected ? 'is warned of' : 'is no cause for a warning'} with ${JSON.stringify(sysctls)}`, async () => {
			const found = (await prepare(new FakeKernel({sysctls}))).warnings
			expect(found.length).to.equal(expected ? 1 : 0)
			expect(found[0] ?? '').to.match(expected ?? /^$/)
		})
	}
})
