import {expect} from 'chai'
import {readNodeState} from '../../e2e/scenario/node-state.ts'
import {
	type EndpointHost,
	type KubernetesObject,
	nodeObject,
	serviceObject,
	sliceObjects,
} from '../../e2e/scenario/objects.ts'
import {createServedTopology, type ServedTopology} from '../../e2e/scenario/served-topology.ts'
import {isAnswer, type ProbeResult, tally} from '../../e2e/topology/answer.ts'
import {openConnection} from '../../e2e/topology/connection.ts'
import {startEcho} from '../../e2e/topology/echo.ts'
import type {Host} from '../../e2e/topology/hosts.ts'
import {type ManyTarget, probeMany} from '../../e2e/topology/probe-many.ts'

/** Two turns of three pods. */
const COUNT = 6

/** One ICMP echo request without data; ends with 0 when the address itself answers. */
const PING = `
	use Socket;
	socket(my $socket, PF_INET, SOCK_RAW, 1) or die;
	send($socket, pack('C2n3', 8, 0, 0xf7ff, 0, 0), 0, pack_sockaddr_in(0, inet_aton($ARGV[0]))) or die;
	$SIG{ALRM} = sub { exit 1 };
	alarm 5;
	while (my $from = recv($socket, my $packet, 1500, 0)) {
		exit 0 if unpack('x20C', $packet) == 0 && inet_ntoa((unpack_sockaddr_in($from))[1]) eq $ARGV[0];
	}
`

interface Port {
	readonly protocol: 'TCP' | 'UDP'
	readonly port: number
}

interface GroupSpec {
	readonly number: number
	readonly annotations: Readonly<Record<string, string>>
	readonly ports: readonly Port[]
	readonly spec?: Readonly<Record<string, unknown>>
}

const WEB: readonly Port[] = [
	{protocol: 'TCP', port: 80},
	{protocol: 'TCP', port: 443},
]

const nameOf = ({protocol, port}: Port) => ({name: `${protocol.toLowerCase()}-${port}`, protocol, port})

/** A Service with a load-balancer IP, 203.0.113.`number` and 2001:db8:f::`number`. */
const groupObject = (name: string, {number, annotations, ports, spec = {}}: GroupSpec): KubernetesObject => {
	const loadBalancerIPs = [`203.0.113.${number}`, `2001:db8:f::${number.toString(16)}`]
	const {metadata, ...object} = serviceObject({name, number, type: 'LoadBalancer', loadBalancerIPs})
	const prefixed = Object.entries(annotations).map(([name, value]) => [`kube-lvs.io/${name}`, value])
	return {
		...object,
		metadata: {...metadata, annotations: Object.fromEntries(prefixed)},
		spec: {...(object.spec as object), ports: ports.map(nameOf), ...spec},
	}
}

const groupSlices = (service: string, pods: readonly EndpointHost[], ports: readonly Port[]): KubernetesObject[] =>
	sliceObjects(service, pods).map(slice => ({...slice, ports: ports.map(nameOf)}))

const RTP: readonly Port[] = [{protocol: 'UDP', port: 10_000}]

const SERVICES: Readonly<Record<string, GroupSpec>> = {
	sticky: {number: 10, annotations: {'group-ports': 'true', 'persistence-timeout': '10m'}, ports: WEB},
	spread: {number: 11, annotations: {'group-ports': 'true'}, ports: WEB},
	rtp: {number: 12, annotations: {'port-range': 'udp:10000-10999'}, ports: RTP},
	whole: {number: 13, annotations: {'port-range': 'all'}, ports: WEB.slice(0, 1)},
	local: {
		number: 14,
		annotations: {'group-ports': 'true'},
		ports: WEB,
		spec: {externalTrafficPolicy: 'Local'},
	},
}

/** Of ClusterIP and load-balancer IP, in both families. */
const vipsOf = (number: number): readonly string[] => [
	`10.96.0.${number}`,
	`fd00:96::${number.toString(16)}`,
	`203.0.113.${number}`,
	`2001:db8:f::${number.toString(16)}`,
]

/** Who has answered, each once. */
const podsIn = (results: readonly ProbeResult[]): readonly string[] => Object.keys(tally(results)).sort()

/** Each address with each of the ports. */
const targetsOf = (addresses: readonly string[], ports: readonly number[], rest: Partial<ManyTarget> = {}) =>
	addresses.flatMap(address => ports.map((port): ManyTarget => ({address, port, count: COUNT, ...rest})))

describe('ports that are served as one', function () {
	this.timeout(240_000)
	let served: ServedTopology
	let origins: readonly Host[]
	let atFirst: readonly string[]

	const spec = (name: string): GroupSpec => SERVICES[name] ?? {number: 0, annotations: {}, ports: []}

	/** Between pods that serve ranges no source address is kept, so the one that asks is none of them. */
	const rangePods = () => ['b', 'c'].map(name => served.topology.pod(name))

	/** The answers to each target, from a host. */
	const ask = (host: Host, targets: readonly ManyTarget[]) => probeMany(served.topology, host, targets, 5)

	const expectAnswers = async (host: Host, targets: readonly ManyTarget[]): Promise<void> => {
		const results = await ask(host, targets)
		const silent = targets.filter((_, at) => !results[at]?.every(isAnswer))
		expect(silent, `from ${host.name}`).to.deep.equal([])
	}

	const virtualServers = async (): Promise<readonly string[]> =>
		(await readNodeState(served.topology, served.topology.node('n1'))).filter(line => line.startsWith('-A -'))

	before(async () => {
		served = await createServedTopology('groups')
		const {topology, objects, kubeLvs} = served
		atFirst = await readNodeState(topology, topology.node('n1'))
		const ports = [80, 443, 9999, 10_000, 10_500, 10_999]
		await Promise.all(topology.pods.map(pod => startEcho(topology, pod, {ports})))
		await objects.apply(nodeObject(topology.node('n1')))
		for (const [name, given] of Object.entries(SERVICES)) {
			const pods = given.annotations['port-range'] ? rangePods() : topology.pods
			await objects.apply(groupObject(name, given), ...groupSlices(name, pods, given.ports))
		}
		// Pod b is said to be on another node.
		const spread = topology.pods.map(pod => ({...pod, node: pod.name === 'b' ? 'n2' : 'n1'}))
		await objects.apply(...groupSlices('local', spread, WEB))
		await kubeLvs.start()
		origins = [topology.pod('a'), topology.node('n1'), topology.client('outside')]
	})

	after(() => served?.destroy())

	it('are balanced over all pods, and a pod reaches itself', async () => {
		for (const origin of origins) {
			for (const results of await ask(origin, targetsOf(vipsOf(11), [80, 443]))) {
				expect(podsIn(results), `from ${origin.name}`).to.deep.equal(['a', 'b', 'c'])
			}
		}
	})

	it('keep a client on one pod from port to port, with persistence', async () => {
		for (const origin of origins) {
			for (const vip of vipsOf(10)) {
				const results = (await ask(origin, targetsOf([vip], [80, 443]))).flat()
				expect(podsIn(results), `${vip} from ${origin.name}`).to.have.length(1)
				expect(results.every(isAnswer)).to.equal(true)
			}
		}
	})

	it('keep the source address of a pod of this node, but for answers from itself', async () => {
		const pod = served.topology.pod('a')
		const results = await ask(pod, targetsOf(vipsOf(11), [443]))
		expect(results.map(podsIn)).to.deep.equal(results.map(() => ['a', 'b', 'c']))
		for (const answer of results.flat().filter(isAnswer)) {
			const isOwn = Object.values(pod.addresses).includes(answer.client)
			expect(isOwn, `answer of ${answer.pod}`).to.equal(answer.pod !== 'a')
		}
	})

	it('are one virtual server for a thousand ports, each of which answers from the VIP', async () => {
		const servers = await virtualServers()
		// One for each Service and family, and one more of each family for clients outside of `local`.
		expect(servers.filter(line => / -f \d+/.test(line))).to.have.length(12)
		expect(servers.filter(line => !/ -f \d+/.test(line))).to.deep.equal([])
		const ports = targetsOf(vipsOf(12), [10_000, 10_500, 10_999], {protocol: 'udp', count: 3})
		for (const origin of origins) {
			await expectAnswers(origin, ports)
		}
		const [own = []] = await ask(served.topology.pod('b'), targetsOf(['10.96.0.12'], [10_999], {protocol: 'udp'}))
		expect(podsIn(own)).to.deep.equal(['b', 'c'])
		const [beyond = []] = await ask(served.topology.client('outside'), [
			{protocol: 'udp', address: '203.0.113.12', port: 11_000},
		])
		expect(tally(beyond)).to.deep.equal({refused: 1})
	})

	it('are all ports of an address, over every protocol, and ping is answered', async () => {
		for (const origin of origins) {
			await expectAnswers(origin, [
				...targetsOf(vipsOf(13), [80, 8080], {count: 2}),
				...targetsOf(vipsOf(13), [9999], {protocol: 'udp', count: 2}),
			])
		}
		await served.topology.exec(served.topology.client('outside'), 'perl', ['-e', PING, '203.0.113.13'])
	})

	it('of externalTrafficPolicy Local lead clients outside to pods of this node, with their own address', async () => {
		const outside = served.topology.client('outside')
		const targets = targetsOf(vipsOf(14).slice(2), [80, 443])
		for (const results of await ask(outside, targets)) {
			expect(podsIn(results)).to.deep.equal(['a', 'c'])
			const clients = results.filter(isAnswer).map(({client}) => client)
			expect(clients.every(client => Object.values(outside.addresses).includes(client))).to.equal(true)
		}
		for (const origin of origins.slice(0, 2)) {
			for (const results of await ask(origin, targets)) {
				expect(podsIn(results), `from ${origin.name}`).to.deep.equal(['a', 'b', 'c'])
			}
		}
	})

	it('let a UDP client move on when its pod goes, and a TCP connection end in its own time', async () => {
		const {topology, objects, kubeLvs} = served
		const outside = topology.client('outside')
		const udp = await openConnection(topology, outside, {
			...{protocol: 'udp', address: '203.0.113.12', port: 10_500, timeoutMs: 10_000},
		})
		const tcp = await openConnection(topology, outside, {address: '203.0.113.11', port: 443, timeoutMs: 10_000})
		const [first, held] = [(await udp.ask()).pod, (await tcp.ask()).pod]
		const without = (gone: string) => topology.pods.filter(({name}) => name !== gone)
		await kubeLvs.nextSync(() =>
			objects.apply(
				...groupSlices(
					'rtp',
					rangePods().filter(({name}) => name !== first),
					RTP,
				),
			),
		)
		await kubeLvs.nextSync(() => objects.apply(...groupSlices('spread', without(held), WEB)))
		expect((await udp.ask()).pod).to.not.equal(first)
		expect((await tcp.ask()).pod).to.equal(held)
		const [anew = []] = await ask(outside, [{address: '203.0.113.11', port: 443, count: COUNT}])
		expect(podsIn(anew)).to.deep.equal(without(held).map(({name}) => name))
		await Promise.all([udp.close(), tcp.close()])
	})

	it('are parted and joined under connections that stay open', async () => {
		const {topology, objects, kubeLvs} = served
		const target = {address: '203.0.113.10', port: 80, timeoutMs: 10_000}
		const connections = await Promise.all(origins.map(origin => openConnection(topology, origin, target)))
		const askAll = () => Promise.all(connections.map(async connection => (await connection.ask()).pod))
		const before = await askAll()
		for (const annotations of [{}, spec('sticky').annotations]) {
			await kubeLvs.nextSync(() => objects.apply(groupObject('sticky', {...spec('sticky'), annotations})))
			expect(await askAll()).to.deep.equal(before)
			await expectAnswers(topology.client('outside'), targetsOf(vipsOf(10), [80, 443], {count: 2}))
			expect(await askAll()).to.deep.equal(before)
		}
		await Promise.all(connections.map(connection => connection.close()))
	})

	it('leave nothing behind at clean-up', async () => {
		const {topology, kubeLvs} = served
		await kubeLvs.stop()
		expect((await kubeLvs.command('cleanup')).exitCode).to.equal(0)
		expect(await readNodeState(topology, topology.node('n1'))).to.deep.equal(atFirst)
	})
})
