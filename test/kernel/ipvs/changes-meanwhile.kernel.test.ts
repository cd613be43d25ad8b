import {expect} from 'chai'
import {systemClock} from '../../../src/clock.ts'
import {IpvsClient} from '../../../src/kernel/ipvs/client.ts'
import {prepareKernel} from '../../../src/kernel/prepare.ts'
import {openSystemDoors} from '../../../src/kernel/system-doors.ts'
import type {VirtualServer, VirtualServerKey, VirtualServerState} from '../../../src/state/ipvs.ts'
import {serverState, virtualServer} from '../../state/build.ts'

/** Of many datagrams, between which others have their turn. */
const COUNT = 5000

describe('changes on the real kernel while its virtual servers are listed', () => {
	const doors = openSystemDoors(systemClock)
	const client = new IpvsClient(doors)
	const servers = new Map(
		Array.from({length: COUNT}, (_, at) => virtualServer(`tcp 10.96.8.1:${at + 1}`)).map(server => [
			server.key,
			server,
		]),
	)

	const change = (kind: 'add-virtual-server' | 'delete-virtual-server', changed: Iterable<VirtualServer>) =>
		client.apply([...changed].map(server => ({kind, server})))

	/** Calls back with the first one that the kernel tells of, while it goes on telling. */
	const list = async (onFirst: (first: VirtualServer) => void) => {
		const known = new FirstGet(servers, onFirst)
		return (await client.readVirtualServers(known)).keys()
	}

	before(() => prepareKernel(doors, {load: true}))

	beforeEach(() => change('add-virtual-server', servers.values()))

	after(async () => {
		await change('delete-virtual-server', servers.values())
		doors.netlink.close()
	})

	it('do not wait for the end of it', async () => {
		const ended: string[] = []
		const changes: Promise<unknown>[] = []
		await list(first => {
			changes.push(change('add-virtual-server', [first]).then(() => ended.push('change')))
		})
		ended.push('list')
		await Promise.all(changes)
		expect(ended).to.deep.equal(['change', 'list'])
	})

	it('do not wait for it either where they take a look at connections', async () => {
		const ended: string[] = []
		const looks: Promise<unknown>[] = []
		await list(first => {
			looks.push(client.readCounters([first]).then(() => ended.push('look')))
		})
		ended.push('list')
		await Promise.all(looks)
		expect(ended).to.deep.equal(['look', 'list'])
	})

	it('hide no virtual server, although the kernel goes on by a number that a deletion makes wrong', async () => {
		const gone: VirtualServerKey[] = []
		const listed = await list(first => {
			gone.push(first.key)
			void change('delete-virtual-server', [first])
		})
		expect(new Set([...listed, ...gone])).to.deep.equal(new Set(servers.keys()))
		expect(gone).to.have.length(1)
	})
})

class FirstGet extends Map<VirtualServerKey, VirtualServerState> {
	#onFirst: ((server: VirtualServer) => void) | undefined

	constructor(servers: ReadonlyMap<VirtualServerKey, VirtualServer>, onFirst: (server: VirtualServer) => void) {
		super([...servers].map(([key, server]) => [key, serverState(server)]))
		this.#onFirst = onFirst
	}

	override get(key: VirtualServerKey): VirtualServerState | undefined {
		const state = super.get(key)
		if (state) {
			this.#onFirst?.(state.server)
			this.#onFirst = undefined
		}
		return state
	}
}
