import {expect} from 'chai'
import {IpsetClient} from '../../src/kernel/ipset/client.ts'
import {IptablesClient, type IptablesOperation} from '../../src/kernel/iptables/client.ts'
import {FAMILIES, type Family} from '../../src/net/address.ts'
import {planLeftovers} from '../../src/plan/leftovers.ts'
import {hasChain, hasRule, type Ruleset} from '../../src/state/iptables.ts'
import {emptyKernel, FIXED, wanted} from '../plan/build.ts'
import {iptablesModeRules} from '../support/iptables-mode.ts'
import {type Bench, describeContract, type OpenDoors} from './bench.ts'
import {definitionOf} from './ipset.contract.ts'

const SETS = {ipv4: 'KUBE-CLUSTER-IP', ipv6: 'KUBE-6-CLUSTER-IP'} as const

const rulesetOf = (family: Family): Ruleset => ({
	family,
	chains: [
		{
			table: 'nat',
			name: 'KUBE-SERVICES',
			rules: [`-m set --match-set ${SETS[family]} dst,dst -j KUBE-MARK-MASQ`, '-m addrtype --dst-type LOCAL -j RETURN'],
		},
		{table: 'nat', name: 'KUBE-MARK-MASQ', rules: ['-j MARK --set-xmark 0x4000/0x4000']},
		{table: 'filter', name: 'KUBE-FORWARD', rules: ['-m mark --mark 0x4000/0x4000 -j ACCEPT']},
		{table: 'filter', name: 'KUBE-EMPTY', rules: []},
	],
	jumps: [
		{table: 'nat', parent: 'OUTPUT', rule: '-m comment --comment "kubernetes service portals" -j KUBE-SERVICES'},
		{table: 'filter', parent: 'FORWARD', rule: '-m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD'},
	],
})

const FOREIGN = '*nat\n:THEIRS - [0:0]\n-A THEIRS -j RETURN\n-A OUTPUT -j THEIRS\nCOMMIT\n'

/** What the client for iptables has to do on any kernel. */
export const describeIptablesContract = (name: string, open: OpenDoors): void =>
	describeContract(`iptables client on ${name}`, open, bench => {
		beforeEach(() =>
			new IpsetClient(bench().doors).apply(
				Object.values(SETS).map(set => ({kind: 'create-set', definition: definitionOf(set)})),
			),
		)
		for (const family of FAMILIES) {
			describe(family, () => describeFamily(family, bench))
		}
	})

const describeFamily = (family: Family, bench: () => Bench): void => {
	const ruleset = rulesetOf(family)
	const restore: IptablesOperation = {kind: 'restore-rules', ruleset, missing: ruleset.jumps}
	const apply = (...operations: readonly IptablesOperation[]) => new IptablesClient(bench().doors).apply(operations)
	const read = async () => (await new IptablesClient(bench().doors).read([family])).tables.get(family)
	const addForeign = async (text = FOREIGN) => {
		const variant = await new IptablesClient(bench().doors).variant()
		const program = `${family === 'ipv4' ? 'iptables' : 'ip6tables'}-${variant}-restore`
		return bench().doors.exec.run(program, ['--noflush', '-w', '5'], text)
	}

	it('leaves a chain that a rule of somebody else leads to, and removes the rest', async () => {
		await apply(restore)
		await addForeign('*nat\n:THEIRS - [0:0]\n-A THEIRS -j KUBE-MARK-MASQ\nCOMMIT\n')
		expect(await apply({kind: 'remove-rules', ruleset})).to.deep.equal([undefined])
		const saved = await read()
		expect(saved?.get('nat')?.get('KUBE-MARK-MASQ')).to.deep.equal(['-j MARK --set-xmark 0x4000/0x4000'])
		expect(saved?.get('nat')?.get('THEIRS')).to.deep.equal(['-j KUBE-MARK-MASQ'])
		const chains = [...(saved?.get('nat')?.keys() ?? []), ...(saved?.get('filter')?.keys() ?? [])]
		expect(chains.filter(name => name.startsWith('KUBE-'))).to.deep.equal(['KUBE-MARK-MASQ'])
	})

	it('leaves what such a chain leads to, too', async () => {
		await apply(restore)
		await addForeign('*nat\n:THEIRS - [0:0]\n-A THEIRS -j KUBE-SERVICES\nCOMMIT\n')
		expect(await apply({kind: 'remove-rules', ruleset})).to.deep.equal([undefined])
		const saved = await read()
		expect([...(saved?.get('nat')?.keys() ?? [])]).to.include.members(['KUBE-SERVICES', 'KUBE-MARK-MASQ'])
		expect(saved?.get('nat')?.get('OUTPUT')).to.deep.equal([])
		expect([...(saved?.get('filter')?.keys() ?? [])]).to.not.include('KUBE-FORWARD')
	})

	it('takes over the chains and jumps of the iptables mode, and removes what is left of it', async () => {
		const [network, to] = family === 'ipv4' ? ['10.244.0.0/16', '10.244.1.5:80'] : ['fd00:244::/56', '[fd00:244::5]:80']
		const clusterIP = family === 'ipv4' ? '10.96.0.10' : 'fd00:96::10'
		const port = {name: 'default/web', hash: 'ERIFXISQEP7F7OF4', clusterIP, port: 80, nodePort: 30080, endpoints: [to]}
		const variant = await new IptablesClient(bench().doors).variant()
		const program = `${family === 'ipv4' ? 'iptables' : 'ip6tables'}-${variant}-restore`
		const text = iptablesModeRules(family, network, [port])
		const {exitCode, stderr} = await bench().doors.exec.run(program, ['--noflush', '-w', '5'], text)
		expect(exitCode, stderr).to.equal(0)
		const tables = new Map([[family, (await read()) ?? new Map()]])
		const fixed = {...FIXED, rulesets: [ruleset]}
		const [leftovers] = planLeftovers(wanted({fixed}), {...emptyKernel(), tables})
		const missing = ruleset.jumps.filter(jump => !hasRule(tables.get(family), jump))
		expect(missing).to.deep.equal([])
		expect(leftovers?.kind).to.equal('remove-leftovers')
		const operations = [{kind: 'take-over-rules', ruleset, missing} as const, ...(leftovers ? [leftovers] : [])]
		expect(await apply(...(operations as readonly IptablesOperation[]))).to.deep.equal([undefined, undefined])
		const saved = await read()
		expect([...(saved?.get('nat')?.keys() ?? [])].filter(name => name.startsWith('KUBE-')).sort()).to.deep.equal([
			'KUBE-MARK-MASQ',
			'KUBE-POSTROUTING',
			'KUBE-SERVICES',
		])
		expect([...(saved?.get('filter')?.keys() ?? [])].filter(name => name.startsWith('KUBE-')).sort()).to.deep.equal([
			'KUBE-EMPTY',
			'KUBE-FORWARD',
			'KUBE-PROXY-FIREWALL',
		])
	})

	it('reads rules back exactly as they were restored', async () => {
		expect(await apply(restore)).to.deep.equal([undefined])
		const saved = await read()
		for (const chain of ruleset.chains) {
			expect(hasChain(saved, chain), chain.name).to.equal(true)
		}
		for (const jump of ruleset.jumps) {
			expect(hasRule(saved, jump), jump.rule).to.equal(true)
		}
	})

	it('is idempotent: a second restore leaves each rule once', async () => {
		await apply(restore, {kind: 'restore-rules', ruleset, missing: []})
		const saved = await read()
		expect(saved?.get('nat')?.get('OUTPUT')).to.deep.equal([ruleset.jumps[0]?.rule])
		expect(ruleset.chains.every(chain => hasChain(saved, chain))).to.equal(true)
	})

	it('puts missing jumps before the rules of others, and keeps these', async () => {
		await addForeign()
		await apply(restore)
		const saved = await read()
		expect(saved?.get('nat')?.get('OUTPUT')).to.deep.equal([ruleset.jumps[0]?.rule, '-j THEIRS'])
		expect(saved?.get('nat')?.get('THEIRS')).to.deep.equal(['-j RETURN'])
	})

	it('removes a jump that is there twice', async () => {
		await apply(restore, {...restore, missing: ruleset.jumps})
		expect((await read())?.get('nat')?.get('OUTPUT')).to.have.lengthOf(2)
		expect(await apply({kind: 'remove-rules', ruleset})).to.deep.equal([undefined])
		const saved = await read()
		expect(saved?.get('nat')?.get('OUTPUT')).to.deep.equal([])
		expect(saved?.get('nat')?.has('KUBE-SERVICES')).to.equal(false)
	})

	it('removes what is ours and nothing else', async () => {
		await addForeign()
		await apply(restore)
		expect(await apply({kind: 'remove-rules', ruleset})).to.deep.equal([undefined])
		const saved = await read()
		expect(saved?.get('nat')?.get('OUTPUT')).to.deep.equal(['-j THEIRS'])
		expect([...(saved?.get('nat')?.keys() ?? [])].filter(chain => chain.startsWith('KUBE'))).to.deep.equal([])
		expect([...(saved?.get('filter')?.keys() ?? [])].filter(chain => chain.startsWith('KUBE'))).to.deep.equal([])
	})

	it('removes what there is of it: nothing, or a part', async () => {
		expect(await apply({kind: 'remove-rules', ruleset})).to.deep.equal([undefined])
		await apply({kind: 'restore-rules', ruleset: {...ruleset, chains: ruleset.chains.slice(0, 2)}, missing: []})
		expect(await apply({kind: 'remove-rules', ruleset})).to.deep.equal([undefined])
		expect((await read())?.get('nat')?.has('KUBE-SERVICES')).to.equal(false)
	})

	it('changes nothing in a table when one of its rules names a set that is missing', async () => {
		await apply(restore)
		const broken: Ruleset = {
			...ruleset,
			chains: [{table: 'nat', name: 'KUBE-SERVICES', rules: ['-m set --match-set KUBE-NONE dst,dst -j RETURN']}],
		}
		const [error] = await apply({kind: 'restore-rules', ruleset: broken, missing: []})
		expect(error?.message).to.match(/KUBE-NONE/)
		const saved = await read()
		expect(ruleset.chains.every(chain => hasChain(saved, chain))).to.equal(true)
	})

	it('refuses a jump to a chain that is missing', async () => {
		const broken: Ruleset = {
			...ruleset,
			chains: [{table: 'nat', name: 'KUBE-SERVICES', rules: ['-j KUBE-NONE']}],
			jumps: [],
		}
		const [error] = await apply({kind: 'restore-rules', ruleset: broken, missing: []})
		expect(error?.message).to.match(/KUBE-NONE/)
		expect((await read())?.get('nat')?.has('KUBE-SERVICES') ?? false).to.equal(false)
	})

	it('keeps a set that a rule names from being destroyed', async () => {
		await apply(restore)
		const sets = new IpsetClient(bench().doors)
		const [refused] = await sets.apply([{kind: 'destroy-set', name: SETS[family]}])
		expect(refused)
			.to.be.an('error')
			.with.property('message')
			.that.matches(/in use/)
		await apply({kind: 'remove-rules', ruleset})
		expect(await sets.apply([{kind: 'destroy-set', name: SETS[family]}])).to.deep.equal([undefined])
	})
}
