import {expect} from 'chai'
import {execa} from 'execa'
import {KubeLvs} from '../../e2e/scenario/kube-lvs.ts'
import {
	type EndpointHost,
	type KubernetesObject,
	type ServiceSpec,
	serviceObject,
	sliceObjects,
} from '../../e2e/scenario/objects.ts'
import {ObjectsFolder} from '../../e2e/scenario/objects-folder.ts'
import {LIST_ROUTES} from '../../e2e/scenario/routes.ts'
import {isAnswer, tally} from '../../e2e/topology/answer.ts'
import {openConnection} from '../../e2e/topology/connection.ts'
import {type EchoServer, startEcho} from '../../e2e/topology/echo.ts'
import {FAMILIES, type Host} from '../../e2e/topology/hosts.ts'
import {type ProbeOptions, probe} from '../../e2e/topology/probe.ts'
import {createTopology, type Topology} from '../../e2e/topology/topology.ts'
import {eventually} from '../support/eventually.ts'

const PORT = 8080
const VIPS = {ipv4: '10.96.0.10', ipv6: 'fd00:96::a'}
const LOAD_BALANCER = '203.0.113.10'

const served = (annotations: Readonly<Record<string, string>>, spec: Partial<ServiceSpec> = {}): KubernetesObject => {
	const object = serviceObject({name: 'web', number: 10, port: PORT, ...spec})
	const named = Object.entries(annotations).map(([name, value]) => [`kube-lvs.io/${name}`, value])
	return {...object, metadata: {...object.metadata, annotations: Object.fromEntries(named)}}
}

/** What a real server needs, in its own network: the VIP where no ARP tells of it, and the end of the tunnel. */
const PREPARE = `
	echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore
	echo 2 > /proc/sys/net/ipv4/conf/all/arp_announce
	ip addr add ${VIPS.ipv4}/32 dev lo
	ip addr add ${VIPS.ipv6}/128 dev lo nodad
	ip addr add ${LOAD_BALANCER}/32 dev lo
`

const tunnel = (ipv4: string, ipv6: string): string => `
	ip link del tunnel4 2>/dev/null || :
	ip link del tunnel6 2>/dev/null || :
	ip link add tunnel4 type ${ipv4} external
	ip link add tunnel6 type ${ipv6} external
	ip link set tunnel4 up
	ip link set tunnel6 up
	for device in all default tunnel4; do echo 0 > /proc/sys/net/ipv4/conf/$device/rp_filter; done
`

interface Method {
	readonly title: string
	readonly annotations: Readonly<Record<string, string>>
	/** Real servers; direct routing reaches those of this node's network alone. */
	readonly pods: readonly string[]
	readonly prepare: string
	/** What a client may send at once. */
	readonly segment: number
}

const METHODS: readonly Method[] = [
	{
		title: 'direct routing',
		annotations: {'forwarding-method': 'direct-routing'},
		pods: ['a', 'b'],
		prepare: '',
		segment: 1460,
	},
	{
		title: 'an IPIP tunnel',
		annotations: {'forwarding-method': 'tunnel'},
		pods: ['a', 'b', 'c'],
		prepare: tunnel('ipip', 'ip6tnl'),
		segment: 1420,
	},
	{
		title: 'a GRE tunnel',
		annotations: {'forwarding-method': 'tunnel', 'tunnel-type': 'gre'},
		pods: ['a', 'b', 'c'],
		prepare: tunnel('gre', 'ip6gre'),
		segment: 1420,
	},
	{
		title: 'a GUE tunnel',
		annotations: {
			...{'forwarding-method': 'tunnel', 'tunnel-type': 'gue', 'tunnel-port': '6081', 'tunnel-checksum': 'checksum'},
		},
		pods: ['a', 'b', 'c'],
		prepare: `${tunnel('ipip', 'ip6tnl')}
			ip fou add port 6081 gue
			ip -6 fou add port 6081 gue`,
		segment: 1420,
	},
]

const MODULES = ['fou', 'fou6', 'ipip', 'ip6_tunnel', 'ip_gre', 'ip6_gre']

/** How often the host was told that a packet of its was too long, or of another destination not to be reached. */
const COUNTERS = {
	ipv4: "awk '/^Icmp:/ && !/InMsgs/ {print $5}' /proc/net/snmp",
	ipv6: "awk '/^Icmp6InPktTooBigs/ {print $2}' /proc/net/snmp6",
}

/** As a router would say it of an answer of the VIP to UDP port 40002 of this client. */
const tooLong = (family: 'ipv4' | 'ipv6', client: string): string => {
	const addresses = `inet_pton(AF, '${VIPS[family]}') . inet_pton(AF, '${client}')`
	const udp = `pack('nnnn', ${PORT}, 40_002, 1200, 0)`
	return family === 'ipv4'
		? `use Socket qw(:all); sub AF { AF_INET }
			my $m = pack('CCnnnnnnnCCn', 3, 4, 0, 0, 1000, 0x4500, 1220, 0, 0x4000, 64, 17, 0) . ${addresses} . ${udp};
			my $sum = 0; $sum += $_ for unpack('n*', $m); $sum = ($sum >> 16) + ($sum & 0xffff) while $sum >> 16;
			substr($m, 2, 2) = pack('n', ~$sum & 0xffff);
			socket(my $s, AF_INET, SOCK_RAW, 1) or die; send($s, $m, 0, pack_sockaddr_in(0, inet_aton('${VIPS.ipv4}'))) or die`
		: `use Socket qw(:all); sub AF { AF_INET6 }
			my $m = pack('CCnN', 2, 0, 0, 1280) . pack('NnCC', 0x60000000, 1200, 17, 64) . ${addresses} . ${udp};
			socket(my $s, AF_INET6, SOCK_RAW, 58) or die;
			send($s, $m, 0, pack_sockaddr_in6(0, inet_pton(AF_INET6, '${VIPS.ipv6}'))) or die`
}

/** Rules and routes of the node, ours and others. */
const ROUTING = `ip rule; ip -6 rule; ${LIST_ROUTES}`

describe('endpoints that answer by themselves', function () {
	this.timeout(120_000)
	let topology: Topology
	let objects: ObjectsFolder
	let kubeLvs: KubeLvs
	let untouched: string
	const echoes = new Map<string, EchoServer>()

	const onNode = async (script: string): Promise<string> =>
		(await topology.exec(topology.node('n1'), 'sh', ['-c', script])).stdout
	const pods = (names: readonly string[]): readonly EndpointHost[] => names.map(name => topology.pod(name))
	const serve = (annotations: Method['annotations'], names: readonly string[]) =>
		kubeLvs.nextSync(() => objects.apply(served(annotations), ...sliceObjects('web', pods(names), PORT)))
	const ask = (host: Host, target: Pick<ProbeOptions, 'address' | 'count'> & Partial<ProbeOptions>) =>
		probe(topology, host, {port: PORT, timeoutMs: 3000, ...target})
	const clients = (): readonly Host[] => [topology.client('outside'), topology.node('n1'), topology.pod('d')]

	before(async () => {
		await execa('modprobe', ['-a', ...MODULES], {reject: false})
		topology = await createTopology({
			name: 'fwd',
			nodes: [
				{name: 'n1', pods: ['a', 'b', 'd']},
				{name: 'n2', pods: ['c']},
			],
			clients: ['outside', 'stranger'],
		})
		for (const name of ['a', 'b', 'c']) {
			const pod = topology.pod(name)
			await topology.exec(pod, 'sh', ['-ec', PREPARE])
			const addresses = [...Object.values(pod.addresses), ...Object.values(VIPS), LOAD_BALANCER]
			echoes.set(name, await startEcho(topology, pod, {ports: [PORT], addresses}))
		}
		objects = await ObjectsFolder.create()
		// They are sent before the refusal, and use up what a host is told in a second: the topology has one wire.
		await onNode('for device in all eth0; do echo 0 > /proc/sys/net/ipv4/conf/$device/send_redirects; done')
		await onNode('ip rule add priority 77 fwmark 0x3c00000/0xffc0c000 lookup 7676')
		untouched = await onNode(ROUTING)
		const args = ['--source', objects.path, '--cluster-cidr', '10.244.0.0/16,fd00:244::/56']
		const draining = ['--drain-interval', '1s', '--drain-deadline', '10s']
		kubeLvs = new KubeLvs(topology, topology.node('n1'), [...args, ...draining])
		await objects.apply(served({}), ...sliceObjects('web', pods(['a']), PORT))
		await kubeLvs.start()
	})

	after(async () => {
		await kubeLvs?.stop('SIGKILL')
		await topology?.destroy()
		await objects?.remove()
	})

	it('are masqueraded as long as nobody asks for anything else', async () => {
		expect(tally(await ask(topology.client('outside'), {address: VIPS.ipv4, count: 3}))).to.deep.equal({a: 3})
		expect(await onNode(ROUTING)).to.not.include('proto 76')
		expect(await onNode('ip addr show dev kube-ipvs0')).to.include(VIPS.ipv4)
	})

	for (const {title, annotations, pods: names, prepare, segment} of METHODS) {
		describe(`by ${title}`, () => {
			before(async () => {
				for (const name of names) {
					await topology.exec(topology.pod(name), 'sh', ['-ec', prepare])
				}
				await serve(annotations, names)
			})

			for (const family of FAMILIES) {
				for (const protocol of ['tcp', 'udp'] as const) {
					it(`see the address of each client, over ${protocol} and ${family}`, async () => {
						for (const client of clients()) {
							const answers = await ask(client, {address: VIPS[family], protocol, count: 2 * names.length})
							const expected = Object.fromEntries(names.map(name => [name, 2]))
							expect(tally(answers), client.name).to.deep.equal(expected)
							expect(new Set(answers.filter(isAnswer).map(({client}) => client))).to.deep.equal(
								new Set([client.addresses[family]]),
							)
						}
					})
				}
			}

			it('answer past this node, unless it is their own', async () => {
				const packets = async () => {
					const table = await onNode('ipvsadm -Ln --stats --exact')
					return pods(names).map(({node, addresses}) => {
						const row = table.split('\n').find(line => line.includes(` ${addresses.ipv4}:0 `))
						const [, incoming = 0, outgoing = 0] = row?.trim().split(/ +/).slice(-5).map(Number) ?? []
						return {node, incoming, outgoing}
					})
				}
				// Again where packets of the tests before are in the second look alone: the kernel adds up every two seconds.
				await eventually(async () => {
					const earlier = await packets()
					await ask(topology.client('outside'), {address: VIPS.ipv4, count: 2 * names.length})
					const later = await eventually(async () => {
						const found = await packets()
						for (const [at, {incoming}] of found.entries()) {
							expect(incoming - (earlier[at]?.incoming ?? 0)).to.be.above(2)
						}
						return found
					}, 10_000)
					for (const [at, {node, outgoing}] of later.entries()) {
						expect(outgoing === (earlier[at]?.outgoing ?? 0)).to.equal(node !== 'n1')
					}
				}, 30_000)
			})

			it('send and are sent segments that fit', async () => {
				// Of an endpoint of this node: what answers from elsewhere passes the rules of its own node.
				await serve(annotations, ['a'])
				const connection = await openConnection(topology, topology.client('outside'), {address: VIPS.ipv4, port: PORT})
				await connection.ask()
				const {stdout} = await topology.exec(topology.client('outside'), 'ss', ['-tinH', 'dst', VIPS.ipv4])
				await connection.close()
				await serve(annotations, names)
				// The largest that is sent; the options of TCP take 12 bytes of it.
				expect(Number(/ mss:(\d+)/.exec(stdout)?.[1]), stdout).to.equal(segment - 12)
			})

			it('have a VIP that the node does not have', async () => {
				const addresses = await onNode('ip -o addr; ip route show table local; ip -6 route show table local')
				expect(addresses).to.not.include(VIPS.ipv4)
				expect(addresses).to.not.include(`${VIPS.ipv6}/`)
			})
		})
	}

	describe('in the course of things', () => {
		it('refuse what the Service has no port for, instead of sending it in circles', async () => {
			const answers = await probe(topology, topology.client('outside'), {address: VIPS.ipv4, port: 81, timeoutMs: 3000})
			expect(tally(answers)).to.deep.equal({refused: 1})
		})

		it('keep the connections that they have when they go, and get no new ones', async () => {
			const connection = await openConnection(topology, topology.client('outside'), {
				address: VIPS.ipv4,
				port: PORT,
				timeoutMs: 3000,
			})
			const {pod} = await connection.ask()
			const others = ['a', 'b', 'c'].filter(name => name !== pod)
			await kubeLvs.nextSync(() => objects.apply(...sliceObjects('web', pods(others), PORT)))
			expect(tally(await ask(topology.client('outside'), {address: VIPS.ipv4, count: 4}))).to.deep.equal(
				Object.fromEntries(others.map(name => [name, 2])),
			)
			expect((await connection.ask()).pod).to.equal(pod)
			await connection.close()
		})

		describe('for whom a router has news', () => {
			before(() => serve({'forwarding-method': 'direct-routing'}, ['a']))

			for (const family of FAMILIES) {
				it(`are told how long packets to a client may be, over ${family}`, async () => {
					const [client, pod] = [topology.client('outside'), topology.pod('a')]
					const target = {address: VIPS[family], protocol: 'udp', count: 1, sourcePort: 40_002} as const
					expect(tally(await ask(client, target))).to.deep.equal({a: 1})
					const told = async () => Number((await topology.exec(pod, 'sh', ['-c', COUNTERS[family]])).stdout)
					const before = await told()
					await topology.exec(client, 'perl', ['-e', tooLong(family, client.addresses[family])])
					await eventually(async () => expect(await told()).to.equal(before + 1), 5000)
				})
			}
		})

		describe('each packet on its own', () => {
			const client = (count: number) => ({address: VIPS.ipv4, protocol: 'udp', count, sourcePort: 40_000}) as const
			const answers = async (annotations: Method['annotations']) => {
				await serve({'forwarding-method': 'direct-routing', ...annotations}, ['a', 'b'])
				return tally(await ask(topology.client('outside'), client(6)))
			}

			it('goes to the next endpoint, though it comes from the same port', async () => {
				expect(await answers({'one-packet': 'true'})).to.deep.equal({a: 3, b: 3})
			})

			it('stays with one endpoint without the annotation', async () => {
				expect(Object.values(await answers({}))).to.deep.equal([6])
			})

			it('would be answered from the wrong address if it were masqueraded, so the annotation is ignored then', async () => {
				const pod = topology.pod('a').addresses.ipv4
				await onNode(`ip addr add 10.96.0.77/32 dev lo
				ipvsadm -A -u 10.96.0.77:${PORT} -s rr -o
				ipvsadm -a -u 10.96.0.77:${PORT} -r ${pod}:${PORT} -m`)
				const script = `use Socket; socket(my $s, AF_INET, SOCK_DGRAM, 0) or die;
				send($s, "x\\n", 0, pack_sockaddr_in(${PORT}, inet_aton('10.96.0.77'))) or die;
				my ($bits, $from) = ''; vec($bits, fileno $s, 1) = 1; select($bits, undef, undef, 5) or exit 1;
				$from = recv($s, my $bytes, 9999, 0); print inet_ntoa((unpack_sockaddr_in $from)[1])`
				const {stdout} = await topology.exec(topology.client('outside'), 'perl', ['-e', script])
				await onNode(`ipvsadm -D -u 10.96.0.77:${PORT}; ip addr del 10.96.0.77/32 dev lo`)
				expect(stdout).to.equal(pod)
				await serve({'one-packet': 'true'}, ['a', 'b'])
				expect(await onNode('ipvsadm -Sn')).to.not.match(/ -o\b/)
				expect(
					Object.values(tally(await ask(topology.client('outside'), {...client(6), sourcePort: 40_001}))),
				).to.deep.equal([6])
			})
		})

		describe('behind a load-balancer IP', () => {
			const client = (name: string) => topology.client(name)
			const target = {address: LOAD_BALANCER, count: 4}
			const serveFor = (spec: Readonly<Record<string, unknown>>) => {
				const service = served(
					{'forwarding-method': 'direct-routing'},
					{type: 'LoadBalancer', loadBalancerIPs: [LOAD_BALANCER], spec},
				)
				// As if b were a pod of another node.
				const endpoints = [topology.pod('a'), {...topology.pod('b'), node: 'n2'}]
				return kubeLvs.nextSync(() => objects.apply(service, ...sliceObjects('web', endpoints, PORT)))
			}

			it('are those of this node for clients outside, and all for those inside, with externalTrafficPolicy Local', async () => {
				await serveFor({externalTrafficPolicy: 'Local'})
				expect(tally(await ask(client('outside'), target))).to.deep.equal({a: 4})
				for (const inside of [topology.pod('d'), topology.node('n1')]) {
					expect(tally(await ask(inside, target)), inside.name).to.deep.equal({a: 2, b: 2})
				}
			})

			it('are there for those alone who are in loadBalancerSourceRanges', async () => {
				await serveFor({loadBalancerSourceRanges: [`${client('outside').addresses.ipv4}/32`, '2001:db8::/32']})
				expect(tally(await ask(client('outside'), target))).to.deep.equal({a: 2, b: 2})
				expect(tally(await ask(client('stranger'), {address: LOAD_BALANCER, count: 1}))).to.deep.equal({timeout: 1})
			})
		})

		describe('at the end', () => {
			it('are masqueraded again without the annotation, and nothing is left that steers packets', async () => {
				await serve({'forwarding-method': 'direct-routing'}, ['a', 'b'])
				await serve({}, ['a', 'b'])
				for (const client of clients()) {
					for (const family of FAMILIES) {
						expect(tally(await ask(client, {address: VIPS[family], count: 4})), client.name).to.deep.equal({a: 2, b: 2})
					}
				}
				expect(await onNode('ip addr show dev kube-ipvs0')).to.include(VIPS.ipv4)
				await eventually(
					async () => expect(await onNode(`${ROUTING}; ipvsadm -Sn`)).to.not.match(/proto 76|-f /),
					30_000,
				)
			})

			it('leave nothing on the node after cleanup, and what looks alike stays', async () => {
				await serve({'forwarding-method': 'direct-routing'}, ['a', 'b'])
				expect(await onNode(ROUTING)).to.include('proto 76')
				await kubeLvs.stop()
				const {exitCode, stderr} = await kubeLvs.command('cleanup')
				expect(exitCode, stderr).to.equal(0)
				expect(await onNode(ROUTING)).to.equal(untouched)
			})
		})
	})
})
