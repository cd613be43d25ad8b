import {expect} from 'chai'
import {KubeLvs} from '../../e2e/scenario/kube-lvs.ts'
import {readNodeState, readSurroundings} from '../../e2e/scenario/node-state.ts'
import {type KubernetesObject, serviceObject} from '../../e2e/scenario/objects.ts'
import {ObjectsFolder} from '../../e2e/scenario/objects-folder.ts'
import {Rollout} from '../../e2e/scenario/rollout.ts'
import {isAnswer} from '../../e2e/topology/answer.ts'
import {AskError, type Connection, openConnection} from '../../e2e/topology/connection.ts'
import type {Host, Node, Pod} from '../../e2e/topology/hosts.ts'
import {Load, type LoadOptions, type LoadResult} from '../../e2e/topology/load.ts'
import {probe} from '../../e2e/topology/probe.ts'
import {createTopology, type Topology} from '../../e2e/topology/topology.ts'

const PODS = 20
const PORT = 8080
/** So many old pods serve on at the same time before the first of them ends. */
const GRACE_STEPS = 2

/** For what comes in a second or two, and later on a busy machine. */
const PATIENCE = 90_000

const both = (ipv4: string, ipv6: string, port: number) => [ipv4, ipv6].map(address => ({address, port}))
const CLUSTER_IP = both('10.96.0.10', 'fd00:96::a', 80)
const NODE_PORT = both('192.0.2.10', '2001:db8::10', 30080)
const LOAD_BALANCER = both('203.0.113.5', '2001:db8:f::5', 80)
const LOCAL_LOAD_BALANCER = both('203.0.113.6', '2001:db8:f::6', 80)

const addressesOf = (targets: readonly {readonly address: string}[]) => targets.map(({address}) => address)

/** TCP alone, and externalTrafficPolicy Local: clients outside reach the pods on this node, those inside all of them. */
const withLocalPolicy = (service: KubernetesObject): KubernetesObject => {
	const spec = service.spec as {readonly ports: readonly {readonly protocol: string}[]}
	const ports = spec.ports.filter(({protocol}) => protocol === 'TCP')
	return {...service, spec: {...spec, ports, externalTrafficPolicy: 'Local'}}
}

describe('a rollout', function () {
	this.timeout(600_000)
	let topology: Topology
	let n1: Node
	let objects: ObjectsFolder
	let kubeLvs: KubeLvs
	let rollout: Rollout
	let serving: readonly Pod[]
	let untouched: readonly string[]

	const state = async () => [...(await readNodeState(topology, n1)), ...(await readSurroundings(topology, n1))]

	before(async () => {
		topology = await createTopology({
			name: 'rollout',
			nodes: [{name: 'n1', pods: ['client']}, {name: 'n2'}],
			clients: ['outside'],
		})
		n1 = topology.node('n1')
		objects = await ObjectsFolder.create()
		untouched = await state()
		const podNetworks = '10.244.0.0/16,fd00:244::/56'
		const args = ['--source', objects.path, '--cluster-cidr', podNetworks, '--drain-interval', '1s']
		kubeLvs = new KubeLvs(topology, n1, args)
		const services = ['web', 'local']
		rollout = new Rollout({topology, objects, nodes: [n1, topology.node('n2')], services, port: PORT})
		const web = {name: 'web', number: 10, nodePort: 30080, loadBalancerIPs: addressesOf(LOAD_BALANCER)}
		const local = {name: 'local', number: 11, nodePort: 30081, loadBalancerIPs: addressesOf(LOCAL_LOAD_BALANCER)}
		await objects.apply(
			serviceObject({...web, type: 'LoadBalancer'}),
			withLocalPolicy(serviceObject({...local, type: 'LoadBalancer'})),
		)
		serving = await rollout.start(PODS)
		await rollout.move('ready', ...serving)
		await kubeLvs.start()
	})

	after(async () => {
		await kubeLvs?.stop('SIGKILL')
		await topology?.destroy()
		await objects?.remove()
	})

	/** From a pod, from the node and from outside; together a new connection every 5 ms, and 21 long ones. */
	const startLoads = (options: Omit<LoadOptions, 'targets'> = {}): Promise<readonly Load[]> => {
		const start = (host: Host, targets: LoadOptions['targets']) =>
			Load.start(topology, host, {interval: 15, long: 7, sourcePorts: {first: 10_000, count: 50}, ...options, targets})
		return Promise.all([
			start(topology.pod('client'), [...CLUSTER_IP, ...NODE_PORT, ...LOCAL_LOAD_BALANCER]),
			start(n1, [...CLUSTER_IP, ...NODE_PORT, ...LOCAL_LOAD_BALANCER]),
			start(topology.client('outside'), [...LOAD_BALANCER, ...NODE_PORT, ...LOCAL_LOAD_BALANCER]),
		])
	}

	/** However slow or fast this machine is. */
	const untilLoads = async (loads: readonly Load[], isSo: (looks: readonly LoadResult[]) => boolean): Promise<void> => {
		for (const end = Date.now() + PATIENCE; ; ) {
			const looks = await Promise.all(loads.map(load => load.look()))
			if (isSo(looks)) {
				return
			}
			expect(Date.now(), `too slow: ${looks.map(({requests}) => requests)}`).to.be.below(end)
			await new Promise(resolve => setTimeout(resolve, 500))
		}
	}

	/** So many answers to each load show that source ports are used again. */
	const untilPortsAreReused = (loads: readonly Load[]) =>
		untilLoads(loads, looks => looks.every(({requests}) => requests > 2 * 6 * 50))

	const answeredBy = (results: readonly LoadResult[]) => new Set(results.flatMap(({pods}) => Object.keys(pods)))

	const untilAnsweredBy = (loads: readonly Load[], pods: readonly Pod[]) =>
		untilLoads(loads, looks => pods.every(({name}) => answeredBy(looks).has(name)))

	const stop = (loads: readonly Load[]): Promise<readonly LoadResult[]> => Promise.all(loads.map(load => load.stop()))

	const serversOf = ({addresses}: Pod) => [`${addresses.ipv4}:${PORT}`, `[${addresses.ipv6}]:${PORT}`]

	const takesNoNewConnections = async (pod: Pod): Promise<boolean> => {
		const {stdout} = await topology.exec(n1, 'ipvsadm', ['-Sn'])
		const lines = stdout.split('\n').filter(line => serversOf(pod).some(server => line.includes(`-r ${server} `)))
		return lines.every(line => line.endsWith('-w 0'))
	}

	/** A pod's grace period is longer than kube-lvs takes to take notice, however busy this machine is. */
	const grace = async (pod: Pod): Promise<void> => {
		const end = Date.now() + PATIENCE
		while (!(await takesNoNewConnections(pod))) {
			expect(Date.now(), `pod ${pod.name} should have weight 0`).to.be.below(end)
			await new Promise(resolve => setTimeout(resolve, 100))
		}
	}

	/** One by one: a new pod is ready, an old one is asked to end, serves on for some steps, and is gone. */
	const replace = async (
		old: readonly Pod[],
		fresh: readonly Pod[],
		during: (step: number) => Promise<unknown> = async () => undefined,
	): Promise<void> => {
		const leaving: Pod[] = []
		const finish = async (left: number) => {
			while (leaving.length > left) {
				const pod = leaving.shift() as Pod
				await grace(pod)
				await rollout.remove(pod)
			}
		}
		for (const [step, pod] of old.entries()) {
			await rollout.replace(pod, fresh[step] as Pod)
			leaving.push(pod)
			await during(step)
			await finish(GRACE_STEPS)
		}
		await finish(0)
		serving = [...serving.filter(pod => !old.includes(pod)), ...fresh]
	}

	/** Each family may have a sync of its own; what a sync did is logged at its end. */
	const removeWithFlows = async (pod: Pod, protocol: 'udp' | 'sctp'): Promise<void> => {
		const from = kubeLvs.log.length
		await rollout.remove(pod)
		for (const server of serversOf(pod)) {
			await kubeLvs.waitFor(
				({msg}) => msg.startsWith(`delete-real-server ${protocol} `) && msg.endsWith(`-> ${server}`),
				from,
			)
		}
	}

	const expectNoLoss = (results: readonly LoadResult[]): void => {
		for (const {failed, slow, longLost, failures} of results) {
			expect({failed, slow, longLost, failures}).to.deep.equal({failed: 0, slow: 0, longLost: 0, failures: []})
		}
	}

	const namesOf = (pods: readonly Pod[]) => pods.map(({name}) => name)

	it('of 20 pods, one by one, loses no request and no connection to a pod that serves', async () => {
		const [old, fresh] = [serving, await rollout.start(PODS)]
		const loads = await startLoads()
		await untilAnsweredBy(loads, old)
		await replace(old, fresh)
		await untilAnsweredBy(loads, fresh)
		await untilPortsAreReused(loads)
		expectNoLoss(await stop(loads))
	})

	it('goes on over a SIGTERM and a SIGKILL of kube-lvs as if nothing happened', async () => {
		const loads = await startLoads()
		const target = LOAD_BALANCER[0] as (typeof LOAD_BALANCER)[0]
		const connection = await openConnection(topology, topology.client('outside'), target)
		const {pod} = await connection.ask()
		// A server that is asked to end would wait for this one to speak.
		const old = serving.filter(({name}) => name !== pod).slice(0, 8)
		const fresh = await rollout.start(8)
		await replace(old, fresh, async step => {
			if (step === 2 || step === 5) {
				await kubeLvs.stop(step === 2 ? 'SIGTERM' : 'SIGKILL')
				kubeLvs.launch()
			}
		})
		expect((await connection.ask()).pod).to.equal(pod)
		await connection.close()
		expectNoLoss(await stop(loads))
	})

	it('finds a living pod at once for clients that keep their source port', async () => {
		const [old, fresh] = [serving.slice(0, 4), await rollout.start(4)]
		const loads = await startLoads({
			interval: 20,
			long: 0,
			sourcePorts: {first: 9000, count: 1},
			closers: ['server', 'reset'],
		})
		await untilAnsweredBy(loads, old)
		await replace(old, fresh)
		await untilAnsweredBy(loads, fresh)
		expectNoLoss(await stop(loads))
	})

	it('brings the next datagram of a UDP socket to a living pod, and leaves the other sockets with theirs', async () => {
		const hosts = [topology.pod('client'), n1, topology.client('outside')]
		const targets = [...CLUSTER_IP, ...NODE_PORT]
		const open = hosts.flatMap(host =>
			(host === hosts[2] ? [...LOAD_BALANCER, ...NODE_PORT] : targets).map(target => ({host, target})),
		)
		const sockets = await Promise.all(
			open.map(({host, target}) => openConnection(topology, host, {...target, protocol: 'udp'})),
		)
		const ask = async () => Promise.all(sockets.map(async socket => (await socket.ask()).pod))
		const before = await ask()
		const [gone] = serving.filter(({name}) => name === before[0])
		const [fresh] = await rollout.start(1)
		if (!gone || !fresh) {
			throw new Error('there are pods')
		}
		await rollout.replace(gone, fresh)
		await grace(gone)
		expect(await ask(), 'while it terminates and serves').to.deep.equal(before)
		await removeWithFlows(gone, 'udp')
		serving = [...serving.filter(pod => pod !== gone), fresh]
		const after = await ask()
		for (const [at, pod] of after.entries()) {
			const stays = before[at] !== gone.name
			expect(stays ? pod === before[at] : namesOf(serving).includes(pod), `${before[at]} -> ${pod}`).to.equal(true)
		}
		await Promise.all(sockets.map(socket => socket.close()))
	})

	it('finds a living pod for a new SCTP association from the port of one whose pod is gone', async () => {
		const client = topology.pod('client')
		const ask = async (target: {readonly address: string; readonly port: number}) => {
			const options = {protocol: 'sctp', sourcePort: 8999} as const
			return (await probe(topology, client, {...target, ...options}))[0]
		}
		for (const target of CLUSTER_IP) {
			const answer = await ask(target)
			const gone = serving.find(({name}) => answer && isAnswer(answer) && name === answer.pod)
			if (!gone) {
				throw new Error(`no pod answers: ${JSON.stringify(answer)}`)
			}
			await removeWithFlows(gone, 'sctp')
			serving = serving.filter(pod => pod !== gone)
			expect(await ask(target))
				.to.have.property('pod')
				.that.is.oneOf(namesOf(serving))
		}
	})

	describe('with a short drainDeadline', () => {
		// What has to come before it takes a second or two, and longer on a busy machine.
		const DEADLINE = 15_000
		let connections: readonly Connection[]

		const ask = () => Promise.all(connections.map(connection => connection.ask()))
		const until = async (isSo: () => Promise<boolean>): Promise<void> => {
			for (const end = Date.now() + PATIENCE; !(await isSo()); ) {
				expect(Date.now()).to.be.below(end)
				await new Promise(resolve => setTimeout(resolve, 100))
			}
		}

		before(async () => {
			await kubeLvs.stop()
			await kubeLvs.start('--drain-deadline', `${DEADLINE}ms`)
			const opened: Connection[] = []
			for (const [host, target] of [
				[topology.pod('client'), CLUSTER_IP[0]],
				[n1, CLUSTER_IP[1]],
				[topology.client('outside'), LOAD_BALANCER[1]],
			] as const) {
				opened.push(await openConnection(topology, host, {address: '', port: 0, ...target}))
			}
			connections = opened
		})

		after(() => Promise.all(connections.map(connection => connection.close())))

		it('an endpoint that returns in time keeps its connections', async () => {
			const pods = new Set((await ask()).map(({pod}) => pod))
			const returning = serving.filter(({name}) => pods.has(name))
			await rollout.move('terminating', ...returning)
			await Promise.all(returning.map(grace))
			await ask()
			await rollout.move('ready', ...returning)
			await until(async () => !(await Promise.all(returning.map(takesNoNewConnections))).includes(true))
			const end = Date.now() + DEADLINE + 2000
			await until(async () => (await ask()).length > 0 && Date.now() > end)
		})

		it('connections that never end are cut, and not before', async () => {
			const pods = new Set((await ask()).map(({pod}) => pod))
			const leaving = serving.filter(({name}) => pods.has(name))
			const start = Date.now()
			await rollout.move('terminating', ...leaving)
			const ends = connections.map(async connection => {
				for (;;) {
					const error = await connection.ask().then(
						() => undefined,
						error => error as Error,
					)
					if (error) {
						return {reason: error instanceof AskError ? error.reason : error.message, after: Date.now() - start}
					}
					await new Promise(resolve => setTimeout(resolve, 100))
				}
			})
			for (const {reason, after} of await Promise.all(ends)) {
				expect(reason).to.equal('reset')
				expect(after).to.be.above(DEADLINE)
			}
		})
	})

	describe('and everything after it', () => {
		it('leaves nothing behind after cleanup', async () => {
			expect(await state()).to.not.deep.equal(untouched)
			await kubeLvs.stop()
			const {exitCode, stderr} = await kubeLvs.command('cleanup')
			expect({exitCode, stderr}).to.deep.equal({exitCode: 0, stderr: ''})
			expect(await state()).to.deep.equal(untouched)
		})
	})
})
