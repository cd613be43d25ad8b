import {expect} from 'chai'
import {ConntrackClient} from '../../src/kernel/conntrack/client.ts'
import type {FlowFilter} from '../../src/state/conntrack.ts'
import {address} from '../state/build.ts'
import {type BenchFlow, describeContract, formatFlow, type OpenDoors} from './bench.ts'

const DNS: FlowFilter = {
	protocol: 'udp',
	vip: address('10.96.0.10'),
	vipPort: 53,
	realServer: address('10.244.1.5'),
	realServerPort: 5353,
}
const DNS6: FlowFilter = {...DNS, vip: address('fd00:96::a'), realServer: address('fd00:244::5')}

const flowTo = (target: FlowFilter, clientPort: number): BenchFlow => ({
	...target,
	client: address(target.vip.includes(':') ? 'fd00:1::1' : '192.0.2.77'),
	clientPort,
})

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

		it('deletes all flows through one VIP to one real server', async () => {
			await load(flowTo(DNS, 4001), flowTo(DNS, 4002))
			expect(await deleteFlows(DNS)).to.deep.equal([0])
			expect(await left()).to.deep.equal([])
		})

		it('keeps flows that differ in any part of the filter', async () => {
			const others: readonly FlowFilter[] = [
				{...DNS, vip: address('10.96.0.11')},
				{...DNS, vipPort: 54},
				{...DNS, realServer: address('10.244.1.6')},
				{...DNS, realServerPort: 5354},
				DNS6,
			]
			const kept = others.map((other, at) => flowTo(other, 5000 + at))
			await load(flowTo(DNS, 4001), ...kept)
			expect(await deleteFlows(DNS)).to.deep.equal([0])
			expect(await left()).to.deep.equal(kept.map(formatFlow).sort())
		})

		it('deletes flows of both families in one go', async () => {
			await load(flowTo(DNS, 4001), flowTo(DNS6, 4002))
			expect(await deleteFlows(DNS, DNS6)).to.deep.equal([0, 0])
			expect(await left()).to.deep.equal([])
		})

		it('has nothing to do where there is no such flow', async () => {
			expect(await deleteFlows(DNS, DNS6)).to.deep.equal([0, 0])
		})
	})
