import {expect} from 'chai'
import {node, service, slice} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'

const [IP, ANOTHER] = ['192.0.2.77', '192.0.2.78']

describe('an external address that becomes that of another Node', () => {
	let world: World

	beforeEach(async () => {
		world = new World({config: {drainInterval: '1s'}}, undefined)
		world.given(node(), service({externalIPs: [IP]}), slice(), service({clusterIP: '10.96.0.11'}, {name: 't'}))
		await world.settled()
	})

	afterEach(() => world.stop())

	/** What became of the address once the Node has these; none when it is gone. */
	const change = async (...addresses: readonly string[]) => {
		const other = node({name: 'n7', addresses})
		addresses.length > 0 ? world.change(other) : world.remove(other)
		await world.advance(3000)
		const servers = world.kernel.dump().filter(line => line === `server tcp ${IP}:80 rr`)
		return {isBound: world.kernel.dump().includes(`address ${IP} on kube-ipvs0`), isServed: servers.length > 0}
	}

	it('is left to that Node as long as it has it', async () => {
		expect(await change(ANOTHER)).to.deep.equal({isBound: true, isServed: true})
		expect(await change(ANOTHER, IP)).to.deep.equal({isBound: false, isServed: false})
		expect(await change(ANOTHER)).to.deep.equal({isBound: true, isServed: true})
		expect(await change(IP)).to.deep.equal({isBound: false, isServed: false})
		expect(await change()).to.deep.equal({isBound: true, isServed: true})
	})

	it('costs no other Service anything', async () => {
		await change(IP)
		expect(world.journal.at(-1)?.services).to.deep.equal(['ns/s'])
	})
})
