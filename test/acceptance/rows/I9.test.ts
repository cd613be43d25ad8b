import {expect} from 'chai'
import {ConntrackClient} from '../../../src/kernel/conntrack/client.ts'
import type {Doors} from '../../../src/kernel/doors.ts'
import {address} from '../../state/build.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'
import {flow, flowsOf} from '../flows.ts'
import {row} from '../row.ts'

const NLM_F_DUMP_INTR = 0x10

/** Each dump is disturbed; `dumps` are counted. */
const disturbed = ({doors}: FakeKernel, tell: () => void): Doors => ({
	...doors,
	netlink: {
		...doors.netlink,
		exchange: (protocol, datagram, last, onReply) => {
			const isDump = datagram[5] === 1 && datagram[4] === 1
			if (isDump) {
				tell()
			}
			return doors.netlink.exchange(protocol, datagram, last, reply => {
				const marked = Uint8Array.from(reply)
				marked[6] = (marked[6] ?? 0) | (isDump ? NLM_F_DUMP_INTR : 0)
				onReply(marked)
			})
		},
	},
})

row('I9', 'a look at the table that is interrupted five times is taken as it is', async () => {
	const kernel = new FakeKernel({flows: [flow('udp 10.96.0.10:53 -> 10.244.1.5:53')]})
	let dumps = 0
	const doors = disturbed(kernel, () => {
		dumps += 1
	})
	const filter = {protocol: 'udp', vip: address('10.96.0.10'), vipPort: 53, keep: new Set<string>()} as const
	expect(await new ConntrackClient(doors).apply([{kind: 'delete-flows', flow: filter}])).to.deep.equal([0])
	expect(dumps).to.equal(5)
	expect(flowsOf(kernel)).to.deep.equal([])
})
