import {expect} from 'chai'
import type {NetlinkDoor} from '../../../src/kernel/doors.ts'
import {IpvsClient} from '../../../src/kernel/ipvs/client.ts'
import {NLMSG_DONE} from '../../../src/kernel/netlink/constants.ts'
import type {VirtualServer} from '../../../src/state/ipvs.ts'
import {realServer, serverState, virtualServer} from '../../state/build.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'

const serversOf = (count: number) => Array.from({length: count}, (_, at) => virtualServer(`tcp 10.96.0.1:${at + 1}`))

const knownOf = (servers: readonly VirtualServer[]) => new Map(servers.map(server => [server.key, serverState(server)]))

const load = (kernel: FakeKernel, servers: readonly VirtualServer[]): void => {
	for (const server of servers) {
		kernel.ipvs.load(server)
	}
}

/** What is found, and how many requests the kernel got for it. */
const list = async (kernel: FakeKernel, known: readonly VirtualServer[]) => {
	const client = new IpvsClient(kernel.doors)
	await client.readVirtualServers()
	const before = kernel.netlink.messages
	const found = await client.readVirtualServers(knownOf(known))
	return {found: [...found.keys()], requests: kernel.netlink.messages - before}
}

/** Of a kernel that sends each datagram of a dump twice, but for the end of it. */
const stutteringClient = ({doors, netlink}: FakeKernel): IpvsClient => {
	const exchange: NetlinkDoor['exchange'] = (protocol, datagram, lastSequence, onReply) =>
		netlink.exchange(protocol, datagram, lastSequence, reply => {
			onReply(reply)
			const isEnd = new DataView(reply.buffer, reply.byteOffset).getUint16(4, true) === NLMSG_DONE
			return isEnd ? undefined : onReply(reply)
		})
	return new IpvsClient({...doors, netlink: {exchange, listen: netlink.listen, close: () => netlink.close()}})
}

describe('a dump of virtual servers', () => {
	it('may tell of one twice, which counts once', async () => {
		const kernel = new FakeKernel()
		const [server] = serversOf(1) as [VirtualServer]
		kernel.ipvs.load(server, [realServer('10.244.1.5:80')])
		const client = stutteringClient(kernel)
		expect([...(await client.readVirtualServers()).keys()]).to.deep.equal([server.key])
		expect(await client.readStats()).to.have.lengthOf(1)
		expect(await client.readRealServerStats(server)).to.have.lengthOf(1)
	})

	it('that tells of all that is known is all that is asked for', async () => {
		const kernel = new FakeKernel()
		const servers = serversOf(3)
		load(kernel, servers)
		expect(await list(kernel, servers)).to.deep.equal({found: servers.map(({key}) => key), requests: 1})
	})

	it('that does not tell of a few is followed by a request for each, as the kernel may have left them out', async () => {
		const kernel = new FakeKernel()
		const servers = serversOf(103)
		load(kernel, servers.slice(0, 3))
		expect(await list(kernel, servers)).to.deep.equal({
			found: servers.slice(0, 3).map(({key}) => key),
			requests: 101,
		})
	})

	it('that does not tell of many is right: they are not there', async () => {
		expect(await list(new FakeKernel(), serversOf(101))).to.deep.equal({found: [], requests: 1})
	})
})
