import {expect} from 'chai'
import {parseSave} from '../../src/kernel/iptables/parse.ts'
import {renderRestore} from '../../src/kernel/iptables/render.ts'
import {FAMILIES, type Family} from '../../src/net/address.ts'
import {makeCleanupPlan} from '../../src/plan/cleanup.ts'
import {formatOperation} from '../../src/plan/format-operation.ts'
import {isServedByRules} from '../../src/plan/leftovers.ts'
import type {Operation} from '../../src/plan/operation.ts'
import type {SavedTables} from '../../src/state/iptables.ts'
import type {ActualState} from '../../src/state/node-state.ts'
import {address, serverState, virtualServer} from '../state/build.ts'
import {FakeIptables} from '../support/fake-kernel/fake-iptables.ts'
import {iptablesModeRules, type RuledPort} from '../support/iptables-mode.ts'
import {emptyKernel, FIXED, framedKernel, planWhole, recorded, wanted} from './build.ts'

const PORT: RuledPort = {
	name: 'default/web:http',
	hash: 'ERIFXISQEP7F7OF4',
	clusterIP: '10.96.0.10',
	port: 80,
	nodePort: 30080,
	endpoints: ['10.244.1.5:8080', '10.244.2.5:8080'],
}
const IPV6_PORT: RuledPort = {...PORT, clusterIP: 'fd00:96::10', endpoints: ['[fd00:244:0:1::5]:8080']}

/** Rules of everybody else that must stay: the kubelet's, and those of some operator. */
const FOREIGN = `*mangle
:KUBE-IPTABLES-HINT - [0:0]
:KUBE-KUBELET-CANARY - [0:0]
COMMIT
*nat
:KUBE-KUBELET-CANARY - [0:0]
:KUBE-MARK-DROP - [0:0]
:KUBE-SVC-THEIRS - [0:0]
-A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000
-A OUTPUT -j KUBE-SVC-THEIRS
COMMIT
*filter
:KUBE-FIREWALL - [0:0]
:KUBE-KUBELET-CANARY - [0:0]
-A INPUT -j KUBE-FIREWALL
-A INPUT -m comment --comment "kubernetes service portals" -j ACCEPT
-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -j DROP
COMMIT
`

/** Tables after these texts, restored one after the other. */
const tablesOf = (family: Family, ...texts: readonly string[]) => {
	const iptables = new FakeIptables('nft', () => true)
	for (const text of texts) {
		iptables.load(family, text)
	}
	const program = family === 'ipv4' ? 'iptables-nft-save' : 'ip6tables-nft-save'
	return parseSave(iptables.run(program, [])?.stdout ?? '')
}

const ofIptablesMode = (family: Family) =>
	family === 'ipv4'
		? iptablesModeRules('ipv4', '10.244.0.0/16', [PORT])
		: iptablesModeRules('ipv6', 'fd00:244::/56', [IPV6_PORT])

const ourRules = (family: Family) => {
	const ruleset = FIXED.rulesets.find(ruleset => ruleset.family === family) ?? expect.fail(family)
	return renderRestore(ruleset, ruleset.jumps)
}

/** The first table of a restore, after which it was cut short. */
const ourMangle = (family: Family) => `${ourRules(family).split('COMMIT')[0]}COMMIT\n`

const kernelWith = (kernel: ActualState, textsOf: (family: Family) => readonly string[]): ActualState => ({
	...kernel,
	tables: new Map(FAMILIES.map(family => [family, tablesOf(family, ...textsOf(family))])),
})

/** Chains, and rules whatever their order: jumps that are there already stay where they are. */
const linesOf = (tables: SavedTables | undefined): readonly string[] =>
	[...(tables ?? [])]
		.flatMap(([table, chains]) =>
			[...chains].flatMap(([chain, rules]) => ['', ...rules].map(rule => `${table} ${chain} ${rule}`)),
		)
		.sort()

const leftoversIn = (operations: readonly Operation[]) =>
	operations.flatMap(operation => (operation.kind === 'remove-leftovers' ? [operation.ruleset] : []))

const NOTHING = wanted({})

describe('what kube-proxy leaves behind', () => {
	it('in iptables mode are its chains and jumps that have no place here, in both families; all else stays', () => {
		const actual = kernelWith(emptyKernel(), family => [FOREIGN, ofIptablesMode(family)])
		const after = recorded(actual, planWhole(NOTHING, actual))
		for (const family of FAMILIES) {
			expect(linesOf(after.tables.get(family)), family).to.deep.equal(
				linesOf(tablesOf(family, FOREIGN, ourRules(family))),
			)
		}
	})

	it('is found once: a second plan has nothing to do', () => {
		const actual = kernelWith(emptyKernel(), family => [FOREIGN, ofIptablesMode(family)])
		const after = recorded(actual, planWhole(NOTHING, actual))
		expect(planWhole(NOTHING, after).map(formatOperation)).to.deep.equal([])
	})

	it('is removed also where our rules stand already, as after a change from iptables to ipvs mode', () => {
		const actual = kernelWith(framedKernel(), family => [ofIptablesMode(family), ourRules(family)])
		expect(planWhole(NOTHING, actual).map(formatOperation)).to.deep.equal([
			'remove-leftovers ipv4: 11 chains and 8 jumps of kube-proxy',
			'remove-leftovers ipv6: 10 chains and 8 jumps of kube-proxy',
		])
	})

	it('is nothing where it never ran', () => {
		const actual = kernelWith(framedKernel(), family => [FOREIGN, ourRules(family)])
		expect(planWhole(NOTHING, actual)).to.deep.equal([])
	})

	it('stays where somebody else uses it, with all that it leads to', () => {
		const using = '*nat\n:THEIRS - [0:0]\n-A THEIRS -j KUBE-SVC-ERIFXISQEP7F7OF4\n-A OUTPUT -j THEIRS\nCOMMIT\n'
		const actual = kernelWith(framedKernel(), family => [ofIptablesMode(family), using, ourRules(family)])
		const plan = planWhole(NOTHING, actual)
		const [ipv4] = leftoversIn(plan)
		const gone = ipv4?.chains.filter(({table}) => table === 'nat').map(({name}) => name)
		expect(gone).to.have.members(['KUBE-PROXY-CANARY', 'KUBE-NODEPORTS', 'KUBE-EXT-ERIFXISQEP7F7OF4'])
		expect(planWhole(NOTHING, recorded(actual, plan)).map(formatOperation)).to.deep.equal([])
	})

	it('is no chain that a comment merely speaks of', () => {
		const speaking =
			'*nat\n:THEIRS - [0:0]\n-A THEIRS -m comment --comment "see -j KUBE-NODEPORTS of old" -j RETURN\nCOMMIT\n'
		const actual = kernelWith(framedKernel(), family => [ofIptablesMode(family), speaking, ourRules(family)])
		expect(leftoversIn(planWhole(NOTHING, actual))[0]?.chains.map(({name}) => name)).to.include('KUBE-NODEPORTS')
	})
})

describe('rules of the iptables mode', () => {
	const server = serverState(virtualServer('tcp 10.96.0.10:80'), ['10.244.1.5:8080'])
	const want = wanted({servers: [server], vips: [address('10.96.0.10')]})
	const kinds = (operations: readonly Operation[]) => [...new Set(operations.map(({kind}) => kind))]

	it('serve until every virtual server stands and its VIP is bound; then ours take over', () => {
		const actual = kernelWith(emptyKernel(), family => [ofIptablesMode(family)])
		expect(kinds(planWhole(want, actual))).to.deep.equal([
			'set-sysctl',
			'create-device',
			'create-set',
			'add-virtual-server',
			'add-real-server',
			'bind-vip',
			'take-over-rules',
			'remove-leftovers',
		])
	})

	it('that serve one family leave the other as it is always', () => {
		const actual = kernelWith(emptyKernel(), family => (family === 'ipv4' ? [ofIptablesMode(family)] : []))
		const rules = planWhole(want, actual).filter(({kind}) => kind.endsWith('-rules'))
		expect(rules.map(formatOperation)).to.deep.equal(['restore-rules ipv6', 'take-over-rules ipv4'])
	})

	it('are told from what is merely left of them', () => {
		expect(isServedByRules(undefined)).to.equal(false)
		expect(isServedByRules(tablesOf('ipv4', ofIptablesMode('ipv4')))).to.equal(true)
		expect(isServedByRules(tablesOf('ipv4', ofIptablesMode('ipv4'), ourRules('ipv4')))).to.equal(false)
	})

	it('are not touched by cleanup while they serve', () => {
		const actual = kernelWith(framedKernel(), family => [ofIptablesMode(family)])
		expect(makeCleanupPlan(FIXED, actual).map(({kind}) => kind)).to.not.include('remove-rules')
	})

	it('lose by cleanup what a takeover that was cut short has added to them', () => {
		const mangle = ourMangle('ipv4')
		const actual = kernelWith(framedKernel(), family => [
			ofIptablesMode(family),
			...(family === 'ipv4' ? [mangle] : []),
		])
		const [removal, ...others] = makeCleanupPlan(FIXED, actual).filter(({kind}) => kind === 'remove-rules')
		expect(others).to.deep.equal([])
		const chains = removal?.kind === 'remove-rules' ? removal.ruleset.chains.map(({name}) => name) : []
		expect(chains).to.not.deep.equal([])
		expect(chains.every(name => name.startsWith('KUBE-LVS-'))).to.equal(true)
	})
})
