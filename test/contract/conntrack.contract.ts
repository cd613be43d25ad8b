import {expect} from 'chai'
import {ConntrackClient} from '../../src/kernel/conntrack/client.ts'
import type {FlowFilter} from '../../src/state/conntrack.ts'
import {realServerKey} from '../../src/state/ipvs.ts'
import {flow} from '../acceptance/flows.ts'
import {address} from '../state/build.ts'
import {type BenchFlow, describeContract, formatFlow, type OpenDoors} from './bench.ts'

const DNS: BenchFlow = flow('udp 10.96.0.10:53 -> 10.244.1.5:5353')
const DNS6: BenchFlow = {
	...DNS,
	client: address('fd00:1::1'),
	vip: address('fd00:96::a'),
	realServer: address('fd00:244::5'),
}

/** Everything to the VIP of this flow goes but what leads to `keep`. */
const allBut = ({protocol, vip, vipPort}: BenchFlow, ...keep: readonly string[]): FlowFilter => ({
	protocol,
	vip,
	vipPort,
	keep: new Set(keep),
})

const keyOf = ({realServer, realServerPort}: BenchFlow): string => realServerKey(realServer, realServerPort)

/** What the client for tracked flows has to do on any kernel. */
export const describeConntrackContract = (name: string, open: OpenDoors): void =>
	describeContract(`conntrack client on ${name}`, open, bench => {
		const deleteFlows = (...flows: readonly FlowFilter[]) =>
			new ConntrackClient(bench().doors).apply(flows.map(flow => ({kind: 'delete-flows', flow})))
		const load = async (...flows: readonly BenchFlow[]) => {
			for (const flow of flows) {
				await bench().addFlow(flow)
			}
		}
		const left = async () => [...(await bench().listFlows())].sort()

		it('deletes all flows through one VIP where no real server stays', async () => {
			await load(DNS, {...DNS, clientPort: 4002, realServer: address('10.244.1.6')})
			expect(await deleteFlows(allBut(DNS))).to.deep.equal([0])
			expect(await left()).to.deep.equal([])
		})

		it('keeps flows of another original destination', async () => {
			const kept: readonly BenchFlow[] = [
				{...DNS, clientPort: 5000, vip: address('10.96.0.11')},
				{...DNS, clientPort: 5001, vipPort: 54},
				{...DNS6, clientPort: 5002},
			]
			await load(DNS, ...kept)
			expect(await deleteFlows(allBut(DNS))).to.deep.equal([0])
			expect(await left()).to.deep.equal(kept.map(formatFlow).sort())
		})

		for (const first of [DNS, DNS6]) {
			it(`keeps flows to the real servers that stay, by address and port or by address alone: ${first.vip}`, async () => {
				const [other, port, third] = [
					{...first, clientPort: 4002, realServer: address(`${first.realServer}9`)},
					{...first, clientPort: 4003, realServerPort: 53},
					{...first, clientPort: 4004, realServer: address(`${first.realServer}8`)},
				]
				await load(first, other, port, third)
				expect(await deleteFlows(allBut(first, keyOf(first), other.realServer))).to.deep.equal([0])
				expect(await left()).to.deep.equal([first, other].map(formatFlow).sort())
				expect(await deleteFlows(allBut(first, first.realServer))).to.deep.equal([0])
				expect(await left()).to.deep.equal([formatFlow(first)])
			})
		}

		it('deletes a flow that was there before the VIP was served, whose replies come from the VIP', async () => {
			await load({...DNS, realServer: DNS.vip, realServerPort: DNS.vipPort})
			expect(await deleteFlows(allBut(DNS, keyOf(DNS)))).to.deep.equal([0])
			expect(await left()).to.deep.equal([])
		})

		it('deletes flows of both families and several VIPs in one go', async () => {
			const second = {...DNS, clientPort: 4003, vip: address('10.96.0.11'), vipPort: 54}
			const kept = {...second, clientPort: 4004, realServer: address('10.244.1.9')}
			await load(DNS, {...DNS6, clientPort: 4002}, second, kept)
			expect(await deleteFlows(allBut(DNS), allBut(second, keyOf(kept)), allBut(DNS6))).to.deep.equal([0, 0, 0])
			expect(await left()).to.deep.equal([formatFlow(kept)])
		})

		for (const first of [DNS, DNS6]) {
			it(`deletes flows to any port of a range, and keeps those beside it: ${first.vip}`, async () => {
				const flows = [52, 53, 60, 61].map((vipPort, at) => ({...first, clientPort: 4010 + at, vipPort}))
				await load(...flows)
				const {protocol, vip} = first
				expect(await deleteFlows({protocol, vip, vipPort: 53, lastPort: 60, keep: new Set()})).to.deep.equal([0])
				const kept = flows.filter(({vipPort}) => vipPort < 53 || vipPort > 60)
				expect(await left()).to.deep.equal(kept.map(formatFlow).sort())
			})
		}

		it('has nothing to do where there is no such flow', async () => {
			expect(await deleteFlows(allBut(DNS), allBut(DNS6))).to.deep.equal([0, 0])
		})
	})
