import {expect} from 'chai'
import type {Family} from '../../src/net/address.ts'
import {iptablesModeRules} from '../support/iptables-mode.ts'
import {judge} from './allowances.ts'
import {compareStates} from './compare.ts'
import {fakeStateLines} from './fake-dump.ts'
import {fakeNode} from './fake-host.ts'
import {caseNamed, readCases} from './golden-case.ts'
import {serveOnFake} from './run-case.ts'

/** A node on which kube-proxy ran in iptables mode. */
const ruledNode = () => {
	const fake = fakeNode()
	const port = {name: 'default/s1:http', hash: 'ERIFXISQEP7F7OF4', port: 80, nodePort: 30080}
	const load = (family: Family, network: string, clusterIP: string, endpoint: string) =>
		fake.iptables.load(family, iptablesModeRules(family, network, [{...port, clusterIP, endpoints: [endpoint]}]))
	load('ipv4', '10.244.0.0/16', '10.96.0.10', '10.244.1.5:8080')
	load('ipv6', 'fd00:244::/56', 'fd00:96::10', '[fd00:244:0:1::5]:8080')
	return fake
}

describe('a node of the iptables mode', () => {
	const golden = caseNamed(readCases(), 'M1-thirty-services')

	it('ends in the state of one that was never used', async () => {
		const fake = ruledNode()
		await serveOnFake(fake, golden)
		expect(judge(golden, compareStates(golden.state, fakeStateLines(fake)))).to.deep.equal([])
		const chains = [...(fake.iptables.tables('ipv4').get('nat')?.keys() ?? [])]
		expect(chains.filter(name => /^KUBE-(SVC|SEP|EXT|NODEPORTS)/.test(name))).to.deep.equal([])
	})

	it('is served by its rules until all that replaces them stands, the first Services not before the others', async () => {
		const {syncs} = await serveOnFake(ruledNode(), golden)
		const kinds = syncs[0]?.outcomes.map(({operation}) => operation.kind) ?? []
		const takeovers = kinds.filter(kind => kind === 'take-over-rules')
		expect(takeovers).to.have.lengthOf(2)
		expect(kinds.indexOf('take-over-rules')).to.be.above(kinds.lastIndexOf('bind-vip'))
		expect(kinds).to.not.include('restore-rules')
		expect(kinds.filter(kind => kind === 'remove-leftovers')).to.have.lengthOf(2)
	})
})
