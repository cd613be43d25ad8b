import {expect} from 'chai'
import {
	API_PORT,
	createLifelineTopology,
	DAEMON_PORT,
	type LifelineTopology,
	METADATA,
} from '../../e2e/scenario/lifeline-topology.ts'
import {cutLifelines, type Lifelines, linesTo} from '../../e2e/scenario/lifelines.ts'
import {type KubernetesObject, nodeObject, serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import type {Host, Node} from '../../e2e/topology/hosts.ts'

/** The two ways to claim an address from outside the cluster. */
const WAYS = ['externalIPs', 'loadBalancerIPs'] as const
type Way = (typeof WAYS)[number]

const FREE = ['203.0.113.7', '2001:db8:f::7']
const NEVER_SERVED = ['127.0.0.1', '::1', METADATA, 'fe80::1', '224.0.0.1', 'ff02::1']

describe('whatever address a Service claims', function () {
	this.timeout(300_000)
	let world: LifelineTopology
	let claims = 0

	/** A Service of this port with these addresses, and pod a behind it. */
	const claim = (way: Way, port: number, addresses: readonly string[]): readonly KubernetesObject[] => {
		claims += 1
		const number = 100 + claims
		const name = `claim-${number}`
		const spec = {name, number, type: 'LoadBalancer', port, [way]: addresses} as const
		return [serviceObject(spec), ...sliceObjects(name, [world.topology.pod('a')])]
	}

	const both = (port: number, addresses: readonly string[]): readonly KubernetesObject[] =>
		WAYS.flatMap(way => claim(way, port, addresses))

	const boundAddresses = async (): Promise<readonly string[]> => {
		const {stdout} = await world.topology.exec(world.n1, 'ip', ['-o', 'addr', 'show', 'dev', 'kube-ipvs0'])
		return stdout.match(/[0-9a-f.:]+(?=\/(?:32|128) scope global)/g) ?? []
	}

	const addressesOf = (host: Host): readonly string[] => Object.values(host.addresses)

	/** What is served there is answered by pod a: from the node, a pod and outside. */
	const servedLines = (port: number, addresses: readonly string[]): readonly Lifelines[] => {
		const to = addresses.map(address => ({address, port, answers: 'a'}))
		const {topology, n1} = world
		return [n1, topology.pod('c'), topology.client('outside')].map(from => ({from, to}))
	}

	/** Adds objects and waits for a Service that comes after them to be served. */
	const settle = async (...added: readonly KubernetesObject[]): Promise<readonly string[]> => {
		const from = world.kubeLvs.log.length
		const last = claim('externalIPs', 80, [])
		await world.objects.apply(...added)
		await world.kubeLvs.nextSync(() => world.objects.apply(...last))
		return world.kubeLvs.log.slice(from).flatMap(({level, msg}) => (level === 'warn' ? [msg] : []))
	}

	before(async () => {
		world = await createLifelineTopology('rails')
		await world.kubeLvs.start()
	})

	after(() => world?.destroy())

	it('what the node needs is reachable before', async () => {
		expect(await cutLifelines(world.topology, world.lifelines)).to.deep.equal([])
	})

	it('what the node needs stays reachable, and each claim on it is a warning', async () => {
		const {topology, lifelines, gateway, apiServer, n1, n2} = world
		const warnings = await settle(
			...both(DAEMON_PORT, addressesOf(gateway)),
			...both(API_PORT, [...addressesOf(apiServer), ...addressesOf(n1)]),
			...both(DAEMON_PORT, [...addressesOf(n2), ...NEVER_SERVED]),
		)
		expect(await cutLifelines(topology, lifelines)).to.deep.equal([])
		const refused = [...addressesOf(gateway), ...addressesOf(apiServer), ...addressesOf(n1), ...NEVER_SERVED]
		for (const address of refused) {
			const named = warnings.filter(message => message.split(/[ "]/).includes(address))
			expect(named.length, `${address} in ${warnings.join('\n')}`).to.equal(WAYS.length)
		}
		const claimed = [...refused, ...addressesOf(n2)]
		expect((await boundAddresses()).filter(address => claimed.includes(address))).to.deep.equal([])
	})

	it("is served without being bound where it is the node's own", async () => {
		const own = addressesOf(world.n1)
		await settle(...claim('externalIPs', 81, own), ...claim('loadBalancerIPs', 82, own))
		const lines = [81, 82].flatMap(port => servedLines(port, own))
		expect(await cutLifelines(world.topology, [...lines, ...world.lifelines])).to.deep.equal([])
		expect((await boundAddresses()).filter(address => own.includes(address))).to.deep.equal([])
	})

	it("is given back when it becomes another node's", async () => {
		const {topology, lateNode} = world
		const own = addressesOf(lateNode)
		await settle(...claim('externalIPs', 83, own))
		expect(await boundAddresses()).to.include.members([...own])
		// From outside, too, this node gets what is for the address; but there the host itself may answer first.
		const inside = servedLines(83, own).filter(({from}) => from.name !== 'outside')
		expect(await cutLifelines(topology, inside)).to.deep.equal([])
		await settle(nodeObject({...lateNode, podCidrs: {ipv4: '10.244.9.0/24', ipv6: 'fd00:244:0:9::/64'}} as Node))
		const lines = linesTo(lateNode, DAEMON_PORT)
		const askers = [world.n1, topology.pod('c'), topology.client('outside')]
		expect(
			await cutLifelines(topology, [...askers.map(from => ({from, to: lines})), ...world.lifelines]),
		).to.deep.equal([])
		expect((await boundAddresses()).filter(address => own.includes(address))).to.deep.equal([])
	})

	it('is served when nothing needs it, and when it is in the allowed networks', async () => {
		const {topology, kubeLvs} = world
		await settle(...claim('externalIPs', 84, FREE), ...claim('loadBalancerIPs', 85, FREE))
		const lines = (port: number) => servedLines(port, FREE)
		expect(await cutLifelines(topology, [...lines(84), ...lines(85)])).to.deep.equal([])
		await kubeLvs.stop()
		const allowed = ['--load-balancer-ip-networks', '203.0.113.0/24,2001:db8:f::/64']
		await kubeLvs.start('--external-ip-networks', '198.51.100.0/24', ...allowed)
		expect(await cutLifelines(topology, [...lines(85), ...world.lifelines])).to.deep.equal([])
		const refused = (await cutLifelines(topology, lines(84))).filter(text => text.includes('tcp'))
		expect(refused.length).to.equal(lines(84).length * FREE.length)
	})
})
