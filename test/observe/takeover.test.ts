import {expect} from 'chai'
import {parseSave} from '../../src/kernel/iptables/parse.ts'
import {describeTakeover, findFormerProxy} from '../../src/observe/takeover.ts'
import type {ActualState} from '../../src/state/node-state.ts'
import {emptyKernel, framedKernel, planWhole, recorded, wanted} from '../plan/build.ts'
import {address, serverState, virtualServer} from '../state/build.ts'
import {FakeIptables} from '../support/fake-kernel/fake-iptables.ts'
import {iptablesModeRules} from '../support/iptables-mode.ts'

const PORT = {name: 'default/web', hash: 'ERIFXISQEP7F7OF4', clusterIP: '10.96.0.10', port: 80}

const ruledTables = () => {
	const iptables = new FakeIptables('nft', () => true)
	iptables.load(
		'ipv4',
		iptablesModeRules('ipv4', '10.244.0.0/16', [{...PORT, endpoints: ['10.244.1.5:80', '10.244.1.6:80']}]),
	)
	return parseSave(iptables.run('iptables-nft-save', [])?.stdout ?? '')
}

const servers = [
	serverState(virtualServer('tcp 10.96.0.10:80'), ['10.244.1.5:80', '10.244.1.6:80']),
	serverState(virtualServer('tcp 10.96.0.11:80'), ['10.244.1.7:80']),
]
const WANTED = wanted({
	servers,
	vips: [address('10.96.0.10'), address('10.96.0.11')],
	members: {'KUBE-CLUSTER-IP': ['10.96.0.10,tcp:80', '10.96.0.11,tcp:80']},
})

/** As kube-proxy in ipvs mode leaves a node: all but what is ours alone. */
const leftByIpvsMode = (): ActualState => {
	const kernel = framedKernel({
		servers: [
			serverState(virtualServer('tcp 10.96.0.10:80'), ['10.244.1.5:80']),
			serverState(virtualServer('tcp 10.96.0.99:80'), []),
			serverState(virtualServer('tcp 198.51.100.1:80'), []),
		],
		bindings: new Map([
			[address('10.96.0.10'), 'address'],
			[address('10.96.0.99'), 'address'],
		]),
		members: {'KUBE-CLUSTER-IP': ['10.96.0.10,tcp:80', '10.96.0.99,tcp:80']},
	})
	const sets = new Map([...kernel.sets].filter(([name]) => !name.includes('LVS')))
	return {...kernel, sets, sysctls: new Map([['net/ipv4/vs/conntrack', '0']])}
}

const stepsOf = (actual: ActualState) =>
	new Map(
		describeTakeover({wanted: WANTED, actual, plan: planWhole(WANTED, actual), tuning: []}).map(({title, lines}) => [
			title,
			lines,
		]),
	)

describe('a takeover in words', () => {
	it('of a node of the ipvs mode says what is adopted, added and given up', () => {
		const steps = stepsOf(leftByIpvsMode())
		expect([...steps.keys()]).to.deep.equal([
			'kernel settings',
			'device kube-ipvs0',
			'sets',
			'rules',
			'virtual servers',
			'VIPs',
			'leftovers of kube-proxy',
			'foreign, never touched',
		])
		expect(steps.get('kernel settings')).to.include('net/ipv4/vs/conntrack: 0 becomes 1')
		expect(steps.get('device kube-ipvs0')).to.deep.equal(['is used further'])
		expect(steps.get('sets')).to.deep.equal([
			'34 are used further',
			'12 are created',
			'1 members are added',
			'1 members are deleted, after what they stand for',
		])
		expect(steps.get('virtual servers')).to.deep.equal([
			'1 are adopted as they are, with their connections',
			'1 are added',
			'1 real servers stay as they are',
			'2 real servers are added',
			'tcp 10.96.0.99:80 is deleted: no Service has it',
		])
		expect(steps.get('VIPs')).to.deep.equal([
			'1 stay bound',
			'1 are bound',
			'10.96.0.99 is given up: no Service has it',
		])
		expect(steps.get('leftovers of kube-proxy')).to.deep.equal(['none'])
		expect(steps.get('foreign, never touched')).to.deep.equal(['virtual server tcp 198.51.100.1:80'])
	})

	it('of a node of the iptables mode has the rules after the VIPs, and says what goes', () => {
		const steps = stepsOf({...emptyKernel(), tables: new Map([['ipv4', ruledTables()]])})
		const titles = [...steps.keys()]
		expect(titles.indexOf('rules')).to.be.above(titles.indexOf('VIPs'))
		expect(steps.get('rules')?.[0]).to.match(
			/^ipv4: \d+ chains in one step, 4 jumps stay, \d+ are added; kube-proxy's rules/,
		)
		expect(steps.get('rules')?.[1]).to.match(/^ipv6: \d+ chains in one step, 0 jumps stay, \d+ are added$/)
		expect(steps.get('leftovers of kube-proxy')).to.include.members([
			'ipv4: 2 chains nat KUBE-SEP-*',
			'ipv4: chain nat KUBE-SVC-*',
			'ipv4: chain filter KUBE-EXTERNAL-SERVICES',
		])
	})

	it('of a node that is taken over already says that all stays', () => {
		const actual = recorded(emptyKernel(), planWhole(WANTED, emptyKernel()))
		const steps = stepsOf(actual)
		expect(steps.get('rules')).to.deep.equal(['ipv4: stay as they are', 'ipv6: stay as they are'])
		expect(steps.get('virtual servers')).to.deep.equal([
			'2 are adopted as they are, with their connections',
			'3 real servers stay as they are',
		])
		expect(steps.get('kernel settings')).to.deep.equal(['stay as they are'])
	})

	it('knows who worked there before', () => {
		expect(findFormerProxy(emptyKernel())).to.equal('none')
		expect(findFormerProxy(leftByIpvsMode())).to.equal('kube-proxy in mode ipvs')
		expect(findFormerProxy({...emptyKernel(), tables: new Map([['ipv4', ruledTables()]])})).to.equal(
			'kube-proxy in mode iptables',
		)
		expect(findFormerProxy(framedKernel())).to.equal('kube-lvs')
	})
})
