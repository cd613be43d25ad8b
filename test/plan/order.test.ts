import {expect} from 'chai'
import fc from 'fast-check'
import {formatOperation} from '../../src/plan/format-operation.ts'
import {APPLY_ORDER, FOUNDATION, type Operation, type OperationKind, type Step} from '../../src/plan/operation.ts'
import {inOrder} from '../../src/plan/plan.ts'
import {SET_DEFINITIONS, type SetDefinition} from '../../src/state/ipset.ts'
import {address, realServer, virtualServer} from '../state/build.ts'

const definition: SetDefinition = SET_DEFINITIONS.get('KUBE-CLUSTER-IP') ?? expect.fail('no set')
const ruleset = {family: 'ipv4', chains: [], jumps: []} as const
const server = virtualServer('tcp 10.96.0.10:80', {persistence: {timeoutSeconds: 60, prefixLength: 32}})
const real = realServer('10.244.1.5:8080')
const entry = '10.96.0.10,tcp:80'
const [route, rule] = [
	{kind: 'route', family: 'ipv4'},
	{kind: 'rule', family: 'ipv4', mark: 0xf0_0000, mask: 0xfff0_0000},
] as const
const vip = {address: address('10.96.0.10'), binding: 'address'} as const

/** One of each kind, and its line. A new kind does not compile until it is here. */
const EACH: {readonly [Kind in OperationKind]: readonly [Operation & {readonly kind: Kind}, string]} = {
	'set-sysctl': [
		{kind: 'set-sysctl', sysctl: {path: 'net/ipv4/ip_forward', value: '1', why: 'no packet reaches a pod'}},
		'set-sysctl net/ipv4/ip_forward = 1 (without it no packet reaches a pod)',
	],
	'create-device': [{kind: 'create-device'}, 'create-device kube-ipvs0'],
	'create-set': [{kind: 'create-set', definition}, 'create-set KUBE-CLUSTER-IP hash:ip,port'],
	'replace-set': [{kind: 'replace-set', definition, entries: []}, 'replace-set KUBE-CLUSTER-IP hash:ip,port'],
	'release-sets': [{kind: 'release-sets', ruleset}, 'release-sets ipv4'],
	'restore-rules': [{kind: 'restore-rules', ruleset, missing: []}, 'restore-rules ipv4'],
	'take-over-rules': [{kind: 'take-over-rules', ruleset, missing: []}, 'take-over-rules ipv4'],
	'remove-leftovers': [
		{kind: 'remove-leftovers', ruleset},
		'remove-leftovers ipv4: 0 chains and 0 jumps of kube-proxy',
	],
	'add-set-entry': [{kind: 'add-set-entry', definition, entry}, 'add-set-entry KUBE-CLUSTER-IP 10.96.0.10,tcp:80'],
	'delete-set-entry': [
		{kind: 'delete-set-entry', definition, entry},
		'delete-set-entry KUBE-CLUSTER-IP 10.96.0.10,tcp:80',
	],
	'add-virtual-server': [
		{kind: 'add-virtual-server', server},
		'add-virtual-server tcp 10.96.0.10:80 rr persistent 60s',
	],
	'update-virtual-server': [
		{kind: 'update-virtual-server', server},
		'update-virtual-server tcp 10.96.0.10:80 rr persistent 60s',
	],
	'delete-virtual-server': [{kind: 'delete-virtual-server', server}, 'delete-virtual-server tcp 10.96.0.10:80'],
	'add-real-server': [
		{kind: 'add-real-server', server, realServer: real},
		'add-real-server tcp 10.96.0.10:80 -> 10.244.1.5:8080 weight 1',
	],
	'update-real-server': [
		{kind: 'update-real-server', server, realServer: real},
		'update-real-server tcp 10.96.0.10:80 -> 10.244.1.5:8080 weight 1',
	],
	'drain-real-server': [
		{kind: 'drain-real-server', server, realServer: real},
		'drain-real-server tcp 10.96.0.10:80 -> 10.244.1.5:8080',
	],
	'delete-real-server': [
		{kind: 'delete-real-server', server, realServer: real},
		'delete-real-server tcp 10.96.0.10:80 -> 10.244.1.5:8080',
	],
	'bind-vip': [{kind: 'bind-vip', ...vip}, 'bind-vip 10.96.0.10 (address)'],
	'unbind-vip': [{kind: 'unbind-vip', ...vip}, 'unbind-vip 10.96.0.10 (address)'],
	'create-steering': [{kind: 'create-steering', part: route}, 'create-steering route ipv4'],
	'delete-steering': [{kind: 'delete-steering', part: rule}, 'delete-steering rule ipv4 0xf00000/0xfff00000'],
	'delete-flows': [
		{
			kind: 'delete-flows',
			flow: {protocol: 'udp', vip: vip.address, vipPort: 53, keep: new Set([real.key])},
		},
		'delete-flows udp 10.96.0.10 53 but to 10.244.1.5:8080',
	],
	'remove-rules': [{kind: 'remove-rules', ruleset}, 'remove-rules ipv4'],
	'destroy-set': [{kind: 'destroy-set', name: 'KUBE-CLUSTER-IP'}, 'destroy-set KUBE-CLUSTER-IP'],
	'delete-device': [{kind: 'delete-device'}, 'delete-device kube-ipvs0'],
}
const KINDS = Object.keys(EACH) as readonly OperationKind[]

/** What comes first, and why. */
const BEFORE: readonly (readonly [first: Step, then: Step, why: string])[] = [
	['set-sysctl', 'add-virtual-server', 'no packet is balanced that netfilter does not see'],
	['create-device', 'bind-vip', 'there is no address without a device'],
	['release-sets', 'replace-set', 'a set that a rule names cannot be destroyed'],
	['replace-set', 'restore-rules', 'a rule cannot name a set that is being made anew'],
	['create-set', 'restore-rules', 'a rule cannot name a set that is missing'],
	['replace-set', 'add-set-entry', 'what is swapped in must not lack a new member'],
	['restore-rules', 'add-virtual-server', 'masquerade stands before the first packet'],
	['add-set-entry', 'add-virtual-server', 'the member tells that the virtual server is ours'],
	['add-virtual-server', 'add-real-server', 'it cannot be added to what is missing'],
	['add-real-server', 'bind-vip', 'no client is refused by a server that is half there'],
	['add-real-server', 'lead-to-marks', 'no client is refused by a server that is half there'],
	['create-steering', 'lead-to-marks', 'a marked packet to an address that nobody has would be sent away'],
	['delete-set-entry', 'delete-steering', 'a marked packet to an address that nobody has would be sent away'],
	['add-real-server', 'delete-real-server', 'the kernel scans what was deleted with each addition'],
	['update-real-server', 'drain-real-server', 'an endpoint is back before another one leaves'],
	['unbind-vip', 'delete-virtual-server', 'no packet comes to a server that is half gone'],
	['delete-real-server', 'delete-virtual-server', 'it cannot be deleted from what is missing'],
	['delete-virtual-server', 'delete-set-entry', 'the member tells to the end that it is ours'],
	['add-real-server', 'delete-flows', 'a flow that goes finds its new target'],
	['delete-real-server', 'delete-flows', 'a flow that goes does not find its old target'],
	['bind-vip', 'take-over-rules', 'each VIP is served by the rules of the iptables mode until it is served by IPVS'],
	['take-over-rules', 'unbind-vip', 'what goes, goes when all that comes stands'],
	['take-over-rules', 'remove-leftovers', 'rules that are replaced still lead to what is left over'],
	['restore-rules', 'remove-leftovers', 'our rules stand before theirs go'],
	['remove-rules', 'destroy-set', 'a set that a rule names cannot be destroyed'],
	['unbind-vip', 'delete-device', 'the device goes last'],
]

describe('the order of operations', () => {
	it('has each kind once', () => {
		expect([...APPLY_ORDER].sort()).to.deep.equal([...KINDS, 'lead-to-marks'].sort())
	})

	for (const [first, then, why] of BEFORE) {
		it(`${first} comes before ${then}: ${why}`, () => {
			expect(APPLY_ORDER.indexOf(first)).to.be.below(APPLY_ORDER.indexOf(then))
		})
	}

	it('begins with kernel settings and what everything else stands on', () => {
		const first = APPLY_ORDER.slice(0, FOUNDATION.size + 1)
		expect(new Set(first)).to.deep.equal(new Set(['set-sysctl', ...FOUNDATION]))
	})

	it('gives packets a mark when its virtual server has its real servers', () => {
		const marks = SET_DEFINITIONS.get('KUBE-LVS-INSIDE') ?? expect.fail('no set')
		const lead: Operation = {kind: 'add-set-entry', definition: marks, entry: `${entry} skbmark 0x1/0x3`}
		const add = EACH['add-real-server'][0]
		expect(inOrder([lead, EACH['bind-vip'][0], add])).to.deep.equal([add, lead, EACH['bind-vip'][0]])
		expect(inOrder([add, EACH['add-set-entry'][0]])).to.deep.equal([EACH['add-set-entry'][0], add])
	})

	it('keeps operations of one kind as they were found, and loses none', () => {
		const operation = fc.constantFrom(...KINDS).map((kind): Operation => ({...EACH[kind][0]}))
		fc.assert(
			fc.property(fc.array(operation), operations => {
				const ordered = inOrder(operations)
				expect(ordered.map(({kind}) => APPLY_ORDER.indexOf(kind))).to.deep.equal(
					operations.map(({kind}) => APPLY_ORDER.indexOf(kind)).sort((a, b) => a - b),
				)
				for (const kind of KINDS) {
					const ofKind = (list: readonly Operation[]) => list.filter(operation => operation.kind === kind)
					const [found, kept] = [ofKind(operations), ofKind(ordered)]
					expect(kept.every((operation, at) => operation === found[at]) && kept.length === found.length).to.equal(true)
				}
			}),
		)
	})
})

describe('the line of an operation', () => {
	it('names the type of a set that has to be destroyed', () => {
		const unlike = {...definition, type: 'hash:net', family: 'ipv6'} as const
		expect(formatOperation({kind: 'replace-set', definition, entries: [], unlike})).to.equal(
			'replace-set KUBE-CLUSTER-IP hash:ip,port in place of hash:net for ipv6',
		)
	})

	for (const [operation, line] of Object.values(EACH)) {
		it(`is: ${line}`, () => {
			expect(formatOperation(operation)).to.equal(line)
		})
	}
})
