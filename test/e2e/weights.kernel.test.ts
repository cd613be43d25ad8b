import {expect} from 'chai'
import {KubeLvs} from '../../e2e/scenario/kube-lvs.ts'
import {type KubernetesObject, nodeObject, serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {ObjectsFolder} from '../../e2e/scenario/objects-folder.ts'
import {isAnswer, tally} from '../../e2e/topology/answer.ts'
import {AskError, type Connection, openConnection} from '../../e2e/topology/connection.ts'
import {startEcho} from '../../e2e/topology/echo.ts'
import type {Pod} from '../../e2e/topology/hosts.ts'
import {type ProbeOptions, probe} from '../../e2e/topology/probe.ts'
import {createTopology, type Topology} from '../../e2e/topology/topology.ts'
import {eventually} from '../support/eventually.ts'

type Annotations = Readonly<Record<string, string>>

const PATIENCE = 60_000
const ZONES: Readonly<Record<string, string>> = {n1: 'za', n2: 'zb'}

const annotated = <Item extends KubernetesObject>(object: Item, annotations: Annotations): Item => {
	const named = Object.entries(annotations).map(([name, text]) => [`kube-lvs.io/${name}`, text])
	return {...object, metadata: {...object.metadata, annotations: Object.fromEntries(named)}}
}

const withZones = (slice: KubernetesObject): KubernetesObject => {
	const endpoints = slice.endpoints as readonly {readonly nodeName: string}[]
	return {...slice, endpoints: endpoints.map(endpoint => ({...endpoint, zone: ZONES[endpoint.nodeName]}))}
}

describe('the weights of endpoints', function () {
	this.timeout(240_000)
	let topology: Topology
	let objects: ObjectsFolder
	let kubeLvs: KubeLvs

	const outside = () => topology.client('outside')

	/** Pods by name: a is on n1, b and c are on n2. */
	const podsOf = (names: string): readonly Pod[] => [...names].map(name => topology.pod(name))

	/** A Service of its own, which no other test has left connections to. */
	const web = (number: number) => {
		const name = `web${number}`
		const vip = {address: `10.96.0.${number}`, port: 80}
		const service = (annotations: Annotations = {}) => annotated(serviceObject({name, number}), annotations)
		const slices = (pods: string) => sliceObjects(name, podsOf(pods)).map(withZones)
		const serve = (...changes: readonly KubernetesObject[]) => kubeLvs.nextSync(() => objects.apply(...changes))
		const ask = (options: Partial<ProbeOptions> = {}) =>
			probe(topology, outside(), {...vip, count: 40, timeoutMs: 3000, ...options})
		/** By pod, as the kernel has them. */
		const weights = async (): Promise<Readonly<Record<string, number>>> => {
			const {stdout} = await topology.exec(topology.node('n1'), 'ipvsadm', ['-Sn'])
			const lines = stdout.split('\n').filter(line => line.startsWith(`-a -t ${vip.address}:80 `))
			const found = topology.pods.flatMap(({name: pod, addresses}) => {
				const line = lines.find(text => text.includes(` -r ${addresses.ipv4}:`))
				return line === undefined ? [] : [[pod, Number(/ -w (\d+)/.exec(line)?.[1])] as const]
			})
			return Object.fromEntries(found)
		}
		const untilWeights = (expected: Readonly<Record<string, number>>) =>
			eventually(async () => expect(await weights()).to.deep.equal(expected), PATIENCE)
		/** New ones until one is answered by this pod, which then is held. */
		const connectTo = async (pod: string): Promise<Connection> => {
			for (let tries = 0; tries < 20; tries++) {
				const connection = await openConnection(topology, outside(), {...vip, timeoutMs: 3000})
				if ((await connection.ask()).pod === pod) {
					return connection
				}
				await connection.reset()
			}
			throw new Error(`no connection to ${pod}`)
		}
		return {vip, service, slices, serve, ask, weights, untilWeights, connectTo}
	}

	const expectShares = (counts: Readonly<Record<string, number>>, shares: Readonly<Record<string, number>>) => {
		const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
		expect(Object.keys(counts).sort()).to.deep.equal(Object.keys(shares).sort())
		for (const [name, share] of Object.entries(shares)) {
			expect((counts[name] ?? 0) / total, JSON.stringify(counts)).to.be.closeTo(share, 0.05 * share)
		}
	}

	const expectCut = async (connection: Connection): Promise<void> => {
		let error: unknown
		await connection.ask().catch(caught => {
			error = caught
		})
		expect(error).to.be.instanceOf(AskError)
		await connection.close()
	}

	before(async () => {
		topology = await createTopology({
			name: 'weights',
			nodes: [
				{name: 'n1', pods: ['a']},
				{name: 'n2', pods: ['b', 'c']},
			],
			clients: ['outside'],
		})
		await Promise.all(topology.pods.map(pod => startEcho(topology, pod, {ports: [8080]})))
		objects = await ObjectsFolder.create()
		const args = ['--source', objects.path, '--cluster-cidr', '10.244.0.0/16,fd00:244::/56', '--drain-interval', '1s']
		kubeLvs = new KubeLvs(topology, topology.node('n1'), args)
		await objects.apply(...topology.nodes.map(nodeObject))
		await kubeLvs.start()
	})

	after(async () => {
		await kubeLvs?.stop('SIGKILL')
		await topology?.destroy()
		await objects?.remove()
	})

	it('are shares of new connections, by address, node and zone, within 5 % over 2,000 of them', async () => {
		const {service, slices, serve, ask, untilWeights} = web(10)
		const {ipv4, ipv6} = topology.pod('c').addresses
		await serve(service({weights: `${ipv4} 2, ${ipv6} 2, node=n1 5, zone=zb 3, default 9`}), ...slices('abc'))
		await untilWeights({a: 5, b: 3, c: 2})
		for (const address of ['10.96.0.10', 'fd00:96::a']) {
			expectShares(tally(await ask({address, count: 2000})), {a: 0.5, b: 0.3, c: 0.2})
		}
	})

	it('come from the Node where the Service does not say', async () => {
		const {service, slices, serve, ask, untilWeights} = web(11)
		const n2 = nodeObject(topology.node('n2'))
		await serve(service(), ...slices('abc'), annotated(n2, {weight: '3'}))
		await untilWeights({a: 1, b: 3, c: 3})
		expectShares(tally(await ask({count: 700})), {a: 1 / 7, b: 3 / 7, c: 3 / 7})
		await serve(n2)
		await untilWeights({a: 1, b: 1, c: 1})
	})

	it('come from the EndpointSlice where the Service does not say', async () => {
		const {service, slices, serve, ask, untilWeights} = web(12)
		await serve(service(), ...slices('abc').map(slice => annotated(slice, {weights: 'node=n1 2'})))
		await untilWeights({a: 2, b: 1, c: 1})
		expectShares(tally(await ask({count: 400})), {a: 1 / 2, b: 1 / 4, c: 1 / 4})
	})

	it('change under connections that stay; with weight 0 there are no new ones', async () => {
		const {service, slices, serve, ask, untilWeights, connectTo} = web(13)
		await serve(service(), ...slices('abc'))
		await untilWeights({a: 1, b: 1, c: 1})
		const connection = await connectTo('a')
		await serve(service({weights: 'node=n1 7'}))
		await untilWeights({a: 7, b: 1, c: 1})
		expect((await connection.ask()).pod).to.equal('a')
		await serve(service({weights: 'node=n1 0'}))
		await untilWeights({a: 0, b: 1, c: 1})
		expect(tally(await ask())).to.deep.equal({b: 20, c: 20})
		expect((await connection.ask()).pod).to.equal('a')
		await connection.close()
	})

	it('of a new endpoint grow where the Service has slow start', async () => {
		const {service, slices, serve, ask, untilWeights, weights} = web(14)
		await serve(service({'slow-start': '80s'}), ...slices('ab'))
		await untilWeights({a: 100, b: 100})
		await serve(...slices('abc'))
		const share = async () => (tally(await ask({count: 300})).c ?? 0) / 300
		const weightOfC = async () => (await weights()).c ?? 0
		expect(await weightOfC()).to.be.within(5, 25)
		const early = await share()
		await eventually(async () => expect(await weightOfC()).to.be.above(40), PATIENCE)
		const later = await share()
		expect(later).to.be.above(early)
		await eventually(async () => expect(await weightOfC()).to.equal(100), 2 * PATIENCE)
		const last = await share()
		expect(last).to.be.above(later)
		expect(last).to.be.closeTo(1 / 3, 0.02)
	})

	it('leave endpoints out that are full, and let them back in; when all are full new ones are refused at once', async () => {
		const {vip, service, slices, serve, ask, untilWeights} = web(15)
		const limits = {'upper-threshold': '2', 'lower-threshold': '1'}
		await serve(service({weights: 'node=n1 100', ...limits}), ...slices('ab'))
		await untilWeights({a: 100, b: 1})
		const held: {readonly connection: Connection; readonly pod: string}[] = []
		for (let count = 0; count < 4; count++) {
			const connection = await openConnection(topology, outside(), {...vip, timeoutMs: 3000})
			held.push({connection, pod: (await connection.ask()).pod})
		}
		expect(held.map(({pod}) => pod).sort()).to.deep.equal(['a', 'a', 'b', 'b'])
		expect(tally(await ask({count: 4, timeoutMs: 10_000}))).to.deep.equal({refused: 4})
		const [ofA, ofB] = ['a', 'b'].map(name => held.filter(({pod}) => pod === name).map(({connection}) => connection))
		for (const connection of ofA ?? []) {
			await connection.reset()
		}
		await eventually(async () => {
			const [answer] = await ask({count: 1, sourcePort: 40_000})
			expect(answer).to.deep.include({pod: 'a'})
		}, PATIENCE)
		for (const connection of ofB ?? []) {
			expect((await connection.ask()).pod).to.equal('b')
			await connection.close()
		}
	})

	for (const [number, deadline] of [
		[16, '0s'],
		[17, '1s'],
	] as const) {
		it(`do not matter to connections that outlast a drain-deadline of ${deadline}: these are cut`, async () => {
			const {service, slices, serve, untilWeights, connectTo} = web(number)
			await serve(service({'drain-deadline': deadline}), ...slices('abc'))
			await untilWeights({a: 1, b: 1, c: 1})
			const [cut, kept] = [await connectTo('c'), await connectTo('a')]
			await serve(...slices('ab'))
			await untilWeights({a: 1, b: 1})
			await expectCut(cut)
			expect((await kept.ask()).pod).to.equal('a')
			await kept.close()
		})
	}

	it('keep UDP clients with an endpoint that drains, where the Service asks for it, until its deadline', async () => {
		const {service, slices, serve, ask, untilWeights} = web(18)
		const udp = {protocol: 'udp', count: 1, sourcePort: 41_000} as const
		await serve(service({'udp-drain': 'true', 'drain-deadline': '1h'}), ...slices('abc'))
		await untilWeights({a: 1, b: 1, c: 1})
		const podOf = async () => (await ask(udp)).filter(isAnswer)[0]?.pod ?? ''
		const first = await podOf()
		const left = ['a', 'b', 'c'].filter(pod => pod !== first).join('')
		await serve(...slices(left))
		expect(tally(await ask({protocol: 'udp', count: 10}))).to.have.all.keys(...left)
		expect(await podOf()).to.equal(first)
		await serve(service({'udp-drain': 'true', 'drain-deadline': '1s'}))
		await eventually(async () => expect(left).to.include(await podOf()), PATIENCE)
	})
})
