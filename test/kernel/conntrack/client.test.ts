import {expect} from 'chai'
import fc from 'fast-check'
import {ConntrackClient} from '../../../src/kernel/conntrack/client.ts'
import {decodeFlow, peekTarget, targetNumber} from '../../../src/kernel/conntrack/decode.ts'
import {PROTOCOL_NUMBERS} from '../../../src/net/protocol.ts'
import type {FlowFilter} from '../../../src/state/conntrack.ts'
import {flow} from '../../acceptance/flows.ts'
import {addressOf, anyPort, anyProtocol} from '../../state/arbitraries.ts'
import {address} from '../../state/build.ts'
import {writeFlow} from '../../support/fake-kernel/fake-conntrack.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'
import type {Errno} from '../../support/fake-kernel/uapi.ts'

const FLOW = flow('udp 10.96.0.10:53 -> 10.244.1.5:53')
const ALL: FlowFilter = {protocol: 'udp', vip: FLOW.vip, vipPort: 53, keep: new Set()}

const apply = ({doors}: FakeKernel, ...flows: readonly FlowFilter[]) =>
	new ConntrackClient(doors).apply(flows.map(flow => ({kind: 'delete-flows', flow})))

describe('the conntrack client', () => {
	it('finds one stale flow among very many by one look and one request', async () => {
		const kernel = new FakeKernel()
		const alive = Array.from({length: 3000}, (_, at) => ({
			...FLOW,
			clientPort: at,
			realServer: address('10.244.1.6'),
		}))
		kernel.conntrack.load([...alive, {...FLOW, clientPort: 60_000}])
		expect(await apply(kernel, {...ALL, keep: new Set(['10.244.1.6:53'])})).to.deep.equal([0])
		expect(kernel.conntrack.flows.length).to.equal(3000)
		expect([kernel.messages, kernel.changes.get('del-flow')]).to.deep.equal([2, 1])
	})

	it('looks once at the table for any number of filters', async () => {
		const kernel = new FakeKernel({flows: [FLOW]})
		const others = Array.from({length: 500}, (_, at) => ({...ALL, vip: address(`10.97.${at >> 8}.${at & 255}`)}))
		expect(await apply(kernel, ...others, ALL)).to.deep.equal([...others.map(() => 0), 0])
		expect([kernel.messages, kernel.conntrack.flows.length]).to.deep.equal([2, 0])
	})

	it('leaves the kernel to find the flows of one filter', async () => {
		const kernel = new FakeKernel({flows: [FLOW, {...FLOW, vip: address('10.96.0.11')}, {...FLOW, protocol: 'tcp'}]})
		let replies = 0
		const exchange: typeof kernel.netlink.exchange = (protocol, datagram, last, onReply) =>
			kernel.netlink.exchange(protocol, datagram, last, reply => {
				replies += peekTarget(reply.subarray(16)) < 0 ? 0 : 1
				onReply(reply)
			})
		const client = new ConntrackClient({...kernel.doors, netlink: {...kernel.doors.netlink, exchange}})
		await client.apply([{kind: 'delete-flows', flow: ALL}])
		expect([replies, kernel.conntrack.flows.length]).to.deep.equal([1, 2])
	})

	for (const errno of ['EINVAL', 'EOPNOTSUPP'] satisfies Errno[]) {
		it(`asks for all flows where the kernel answers a filter with ${errno}`, async () => {
			const kernel = new FakeKernel({flows: [FLOW]})
			kernel.failNext({kind: 'errno', errno, command: 'get-flow'})
			expect(await apply(kernel, ALL)).to.deep.equal([0])
			expect(kernel.conntrack.flows.length).to.equal(0)
		})
	}

	it('keeps what it must where the kernel does not know filters', async () => {
		const kept = [
			{...FLOW, vip: address('10.96.0.11')},
			{...FLOW, protocol: 'tcp' as const},
			{...FLOW, protocol: 1},
		]
		const kernel = new FakeKernel({flows: [FLOW, ...kept]})
		kernel.conntrack.knowsFilters = false
		expect(await apply(kernel, ALL)).to.deep.equal([0])
		expect(kernel.conntrack.flows).to.deep.equal(kept)
	})

	it('takes a flow that ended by itself as deleted, and reports any other refusal', async () => {
		const kernel = new FakeKernel({flows: [FLOW, {...FLOW, vip: address('10.96.0.11')}]})
		kernel.failNext({kind: 'errno', errno: 'ENOENT', command: 'del-flow'})
		kernel.failNext({kind: 'errno', errno: 'EPERM', command: 'del-flow'})
		expect(await apply(kernel, ALL, {...ALL, vip: address('10.96.0.11')})).to.deep.equal([0, 1])
	})
})

describe('a quick look at a flow', () => {
	const anyFlow = fc.constantFrom('ipv4', 'ipv6').chain(family =>
		fc.record({
			protocol: anyProtocol,
			client: addressOf(family),
			clientPort: anyPort,
			vip: addressOf(family),
			vipPort: anyPort,
			realServer: addressOf(family),
			realServerPort: anyPort,
		}),
	)

	it('tells protocol and port as decoding does', () => {
		fc.assert(
			fc.property(anyFlow, flow => {
				const payload = writeFlow(0x1000, flow)
				expect(peekTarget(payload)).to.equal(targetNumber(PROTOCOL_NUMBERS[flow.protocol], flow.vipPort))
				expect(decodeFlow(payload)).to.deep.include({protocol: flow.protocol, vip: flow.vip, vipPort: flow.vipPort})
			}),
		)
	})

	it('finds nothing in a flow that is cut off', () => {
		const payload = writeFlow(0x1000, FLOW)
		expect(peekTarget(payload.subarray(0, 40))).to.equal(-1)
	})
})
