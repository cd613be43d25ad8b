import {expect} from 'chai'
import {type Config, DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {examine} from '../../src/doctor/examine.ts'
import {canServe, type Finding} from '../../src/doctor/finding.ts'
import {makeSettings} from '../../src/doctor/settings.ts'
import type {ExecDoor} from '../../src/kernel/doors.ts'
import {prepareKernel} from '../../src/kernel/prepare.ts'
import {SysctlClient} from '../../src/kernel/sysctl/client.ts'
import {FakeKernel, type FakeKernelOptions} from '../support/fake-kernel/fake-kernel.ts'

const ALL = '000001ffffffffff'
const STATUS = '/proc/self/status'

interface Given extends FakeKernelOptions {
	readonly capabilities?: string
	/** Of the namespace that is nobody's; undefined where there is none. */
	readonly scratch?: FakeKernel | undefined
	/** The kernel there does not know what rules with this text need. */
	readonly unknown?: string
	readonly mayWrite?: boolean
	readonly config?: Partial<Config>
	/** Spoils the node before it is looked at. */
	readonly spoil?: (node: FakeKernel) => void
}

/** As the kernel does: the whole restore fails, and does not say by what. */
const refusing = (exec: ExecDoor, text: string): ExecDoor => ({
	run: async (program, args, stdin = '') =>
		stdin.includes(text) && program.startsWith('iptables')
			? {exitCode: 2, stdout: '', stderr: "iptables-restore: line 7 failed: can't load it"}
			: exec.run(program, args, stdin),
})

const look = async ({capabilities = ALL, mayWrite = true, unknown, spoil, config, ...given}: Given = {}) => {
	const node = new FakeKernel(given)
	node.files.texts.set(STATUS, `Name:\tnode\nCapEff:\t${capabilities}\nSeccomp:\t0\n`)
	spoil?.(node)
	const scratch = 'scratch' in given ? given.scratch : new FakeKernel(given)
	scratch?.ipvs.schedulers.add('twos')
	const before = node.dump()
	const findings = await examine({
		config: {...DEFAULT_CONFIG, ...config},
		capabilities: await prepareKernel(node.doors, {load: false}),
		doors: node.doors,
		mayWrite: async () => mayWrite,
		openScratch: async () =>
			scratch && {...scratch.doors, exec: unknown ? refusing(scratch.exec, unknown) : scratch.exec},
	})
	expect(node.dump(), 'the node itself').to.deep.equal(before)
	return findings
}

const missing = (findings: readonly Finding[]) =>
	findings.flatMap(({what, state, detail}) => (state === 'missing' ? [`${what}: ${detail}`] : []))

const ON_THE_NODE = 'run `kube-lvs doctor --prepare` on the node, or in a privileged container that has its network'

const modprobe = (module: string, option: string) => `modprobe ${module}; if there is none, a kernel with ${option}`

/** One of each kind. */
const REMEDIES: Readonly<Record<string, readonly [Finding['need'], string]>> = {
	'IPVS over ipv4': ['required', modprobe('ip_vs', 'CONFIG_IP_VS')],
	'IPVS over ipv6': ['optional', 'a kernel with CONFIG_IP_VS_IPV6'],
	'IPVS by firewall mark': ['required', modprobe('ip_vs', 'CONFIG_IP_VS')],
	'IPVS scheduler rr': ['required', modprobe('ip_vs_rr', 'CONFIG_IP_VS_RR')],
	'IPVS scheduler wrr': ['optional', modprobe('ip_vs_wrr', 'CONFIG_IP_VS_WRR')],
	'IPVS scheduler twos': ['optional', modprobe('ip_vs_twos', 'CONFIG_IP_VS_TWOS, Linux 6.4 or newer')],
	'IPVS persistence engine sip': ['optional', modprobe('ip_vs_pe_sip', 'CONFIG_IP_VS_PE_SIP')],
	'IPVS forwarding by masquerading': ['required', 'a kernel with CONFIG_IP_VS'],
	'IPVS direct routing': ['optional', 'a kernel with CONFIG_IP_VS'],
	'IPVS tunnels of type gue': ['optional', 'Linux 5.2 or newer'],
	'IPVS tunnels of type gre': ['optional', 'Linux 5.3 or newer'],
	'dummy interfaces': ['required', modprobe('dummy', 'CONFIG_DUMMY')],
	'VIPs of ipv4 by address': ['required', 'look into the log of the kernel: dmesg'],
	'VIPs of ipv6 by route': ['optional', 'a kernel with CONFIG_IPV6'],
	'policy rules of ipv4': ['optional', 'a kernel with CONFIG_IP_MULTIPLE_TABLES'],
	'policy rules of ipv6': ['optional', 'a kernel with CONFIG_IPV6_MULTIPLE_TABLES'],
	'sets of type hash:ip,port,net': ['required', modprobe('ip_set_hash_ipportnet', 'CONFIG_IP_SET_HASH_IPPORTNET')],
	'sets of type bitmap:port': ['required', modprobe('ip_set_bitmap_port', 'CONFIG_IP_SET_BITMAP_PORT')],
	'sets of type hash:ip with marks': ['required', modprobe('ip_set_hash_ip', 'CONFIG_IP_SET_HASH_IP')],
	'tracked flows over netlink': ['required', modprobe('nf_conntrack_netlink', 'CONFIG_NF_CT_NETLINK')],
	'iptables table nat': ['required', modprobe('nf_tables', 'CONFIG_NF_TABLES')],
	'iptables match mark': ['required', modprobe('xt_mark', 'CONFIG_NETFILTER_XT_MARK')],
	'iptables match set': ['required', modprobe('xt_set', 'CONFIG_NETFILTER_XT_SET')],
	'iptables match physdev': ['required', modprobe('xt_physdev', 'CONFIG_NETFILTER_XT_MATCH_PHYSDEV')],
	'iptables match tcp': ['required', modprobe('xt_tcpudp', 'CONFIG_NETFILTER_XTABLES')],
	'iptables target MASQUERADE': ['required', modprobe('xt_MASQUERADE', 'CONFIG_NETFILTER_XT_TARGET_MASQUERADE')],
	'iptables target MARK': ['required', modprobe('xt_mark', 'CONFIG_NETFILTER_XT_MARK')],
	'iptables target SET': ['required', modprobe('xt_set', 'CONFIG_NETFILTER_XT_SET')],
	'iptables target REJECT': ['required', modprobe('-a ipt_REJECT ip6t_REJECT', 'CONFIG_IP_NF_TARGET_REJECT')],
	'setting net/ipv4/vs/conntrack': ['required', ON_THE_NODE],
	'setting net/netfilter/nf_conntrack_max': ['optional', ON_THE_NODE],
}

describe('the doctor', () => {
	it('finds all of it on a node that has all of it, and changes nothing there', async () => {
		for (const variant of ['nft', 'legacy'] as const) {
			const findings = await look({variant})
			expect(missing(findings)).to.deep.equal([])
			expect(findings.filter(({state}) => state === 'not tried')).to.deep.equal([])
			expect(canServe(findings)).to.equal(true)
		}
	})

	it('names each thing once, with what is lost without it and what to do', async () => {
		const findings = await look()
		expect(new Set(findings.map(({what}) => what)).size).to.equal(findings.length)
		expect(findings.filter(({without, remedy}) => !without || !remedy)).to.deep.equal([])
	})

	it('names the rights that are missing', async () => {
		const withoutRaw = (BigInt(`0x${ALL}`) & ~(1n << 13n)).toString(16).padStart(16, '0')
		const findings = await look({capabilities: withoutRaw})
		expect(missing(findings)).to.deep.equal(['capability NET_RAW: not given'])
		expect(canServe(findings)).to.equal(false)
		expect(missing(await look({capabilities: '0000000000000000'}))).to.have.lengthOf(2)
	})

	it('does not try what would change the node where it can have no namespace for it, and finds nothing wrong in that', async () => {
		const findings = await look({scratch: undefined})
		expect(missing(findings)).to.deep.equal([])
		expect(findings.find(({what}) => what === 'IPVS scheduler wrr')?.state).to.equal('not tried')
		expect(canServe(findings)).to.equal(true)
	})

	it('takes a setting that `run` can set for right, and one that it cannot for missing', async () => {
		const wrong = missing(await look({mayWrite: false}))
		expect(wrong).to.include('setting net/ipv4/ip_forward: it is 0, should be 1, and may not be written from here')
		const lacking = await look({sysctls: {'net/ipv4/vs/conntrack': undefined}})
		expect(missing(lacking)).to.deep.equal(['setting net/ipv4/vs/conntrack: this kernel does not have it'])
		expect(canServe(lacking)).to.equal(false)
	})

	it('makes settings when it prepares, after which they need not be written any more', async () => {
		const node = new FakeKernel()
		const {facts} = await prepareKernel(node.doors, {load: true})
		await makeSettings(new SysctlClient(node.doors.files), DEFAULT_CONFIG, facts)
		const made = Object.fromEntries(
			[...node.files.texts].flatMap(([path, text]) =>
				path.startsWith('/proc/sys/') ? [[path.slice('/proc/sys/'.length), text.trim()]] : [],
			),
		)
		expect(
			missing(await look({mayWrite: false, sysctls: made})).filter(line => !line.includes('hashsize')),
		).to.deep.equal([])
	})

	it('names a folder that cannot be written', async () => {
		const spoil = (node: FakeKernel) => node.failNext({kind: 'write', path: '/run/kube-lvs/doctor', code: 'EROFS'})
		expect(missing(await look({spoil}))[0]).to.match(/^the folder \/run\/kube-lvs: EROFS/)
	})

	for (const [text, what] of [
		['-m physdev', 'iptables match physdev'],
		['-j REJECT', 'iptables target REJECT'],
		['--map-set', 'iptables target SET'],
		['*mangle', 'iptables table mangle'],
	] as const) {
		it(`names what keeps rules from being made: ${what}`, async () => {
			const findings = await look({unknown: text})
			const names = findings.flatMap(({what, state}) => (state === 'missing' ? [what] : []))
			expect(names).to.include(what)
			// What stands in that table alone cannot be told apart from it.
			expect(names.includes('iptables match set'), 'what is fine elsewhere').to.equal(false)
			expect(names.length > 1).to.equal(what.startsWith('iptables table'))
			expect(missing(findings)[0]).to.match(/: ipv4: .*line 7 failed/)
			expect(canServe(findings)).to.equal(false)
		})
	}

	it('tells of each thing whether the node can do without it, and what to do about it', async () => {
		const found = new Map((await look()).map(finding => [finding.what, finding]))
		const told = Object.keys(REMEDIES).map(what => [what, [found.get(what)?.need, found.get(what)?.remedy]])
		expect(Object.fromEntries(told)).to.deep.equal(REMEDIES)
	})

	it('names the module of a table of legacy iptables', async () => {
		const nat = (await look({variant: 'legacy'})).find(({what}) => what === 'iptables table nat')
		expect(nat?.remedy).to.equal('modprobe iptable_nat; if there is none, a kernel with CONFIG_IP_NF_NAT')
	})

	it('requires the scheduler of the configuration, and no other', async () => {
		const findings = await look({config: {scheduler: 'sh'}})
		const required = findings.filter(({what, need}) => what.startsWith('IPVS scheduler') && need === 'required')
		expect(required.map(({what, without}) => [what, without])).to.deep.equal([
			['IPVS scheduler sh', 'no Service is served: it is the one of the configuration'],
		])
		expect(findings.find(({what}) => what === 'IPVS scheduler rr')?.without).to.match(/by annotation get sh$/)
	})

	for (const [release, lacking] of [
		['4.18.0-1', ['gue', 'gre']],
		['5.1.21', ['gue', 'gre']],
		['5.2.0', ['gre']],
		['5.3.0', []],
	] as const) {
		it(`does not believe Linux ${release}, which takes every tunnel and makes another of it`, async () => {
			const spoil = (node: FakeKernel) => node.files.texts.set('/proc/sys/kernel/osrelease', `${release}\n`)
			const names = (await look({spoil})).flatMap(({what, state}) => (state === 'missing' ? [what] : []))
			expect(names.filter(what => what.startsWith('IPVS tunnels'))).to.deep.equal(
				lacking.map(type => `IPVS tunnels of type ${type}`),
			)
		})
	}

	it('says of a setting that is not there what brings it', async () => {
		const paths = ['net/ipv4/vs/conntrack', 'net/ipv4/vs/expire_nodest_conn', 'net/netfilter/nf_conntrack_max']
		const findings = await look({sysctls: Object.fromEntries(paths.map(path => [path, undefined]))})
		const remedies = paths.map(path => findings.find(({what}) => what === `setting ${path}`)?.remedy)
		expect(remedies).to.deep.equal([
			'a kernel with CONFIG_IP_VS_NFCT, and modprobe ip_vs',
			'modprobe ip_vs',
			'modprobe nf_conntrack',
		])
	})

	it('names what the kernel refuses, and whether the node can do without it', async () => {
		const scratch = new FakeKernel()
		scratch.ipvs.schedulers.delete('mh')
		const findings = await look({scratch})
		expect(missing(findings)).to.deep.equal(['IPVS scheduler mh: ENOENT'])
		expect(canServe(findings)).to.equal(true)
		const without = new FakeKernel()
		without.failNext({kind: 'errno', command: 'new-link', errno: 'EOPNOTSUPP'})
		expect(canServe(await look({scratch: without}))).to.equal(false)
	})
})
