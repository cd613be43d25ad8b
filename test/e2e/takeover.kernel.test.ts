import {once} from 'node:events'
import {dirname, join} from 'node:path'
import {expect} from 'chai'
import {KubeLvs, type LogLine} from '../../e2e/scenario/kube-lvs.ts'
import {readNodeState} from '../../e2e/scenario/node-state.ts'
import {startEcho} from '../../e2e/topology/echo.ts'
import {Load} from '../../e2e/topology/load.ts'
import {createTopology, type Topology} from '../../e2e/topology/topology.ts'
import {systemClock} from '../../src/clock.ts'
import {IptablesClient} from '../../src/kernel/iptables/client.ts'
import type {Variant} from '../../src/kernel/iptables/variant.ts'
import {openSystemDoors} from '../../src/kernel/system-doors.ts'
import {caseNamed, readCases} from '../golden/golden-case.ts'
import {into, stateScript} from '../golden/state-script.ts'
import {iptablesModeRules} from '../support/iptables-mode.ts'

const CASES = readCases()

/** A dual-stack Service of type LoadBalancer with a node port; one endpoint here, one on the other node. */
const CLUSTER = caseNamed(CASES, 'E7-masquerade-bit-17')
/** The same with externalTrafficPolicy Local. */
const LOCAL = caseNamed(CASES, 'D31-health-check-port')

const configBeside = (objects: string): string => join(dirname(objects), 'config.yaml')
const COMMON_CONFIG = join(dirname(CLUSTER.objects), '..', 'config.yaml')

/** ClusterIP, node port and load-balancer IP of both families. */
const TARGETS = [
	{address: '10.96.0.10', port: 80},
	{address: 'fd00:96::a', port: 80},
	{address: '192.0.2.10', port: 30080},
	{address: '2001:db8::10', port: 30080},
	{address: '203.0.113.5', port: 80},
	{address: '2001:db8:f::5', port: 80},
]

/** Rules of others, with every table loaded, so that a dump after clean-up has the tables of one before. */
const FOREIGN = `*mangle
COMMIT
*nat
:THEIRS - [0:0]
-A POSTROUTING -p tcp -m tcp --dport 9999 -j THEIRS
-A THEIRS -j RETURN
COMMIT
*filter
:KUBE-FIREWALL - [0:0]
:THEIRS - [0:0]
-A INPUT -p tcp -m tcp --dport 9999 -j THEIRS
-A OUTPUT -j KUBE-FIREWALL
-A THEIRS -j DROP
COMMIT`

const foreignRules = (variant: Variant): string =>
	[`iptables-${variant}-restore --noflush`, `ip6tables-${variant}-restore --noflush`]
		.map(program => into(program, FOREIGN))
		.join('\n')

/** The Service as kube-proxy's iptables mode serves it. */
const iptablesMode = (variant: Variant): string => {
	const port = {name: 'ns/s:p', hash: 'ERIFXISQEP7F7OF4', port: 80, nodePort: 30080}
	const ipv4 = {...port, clusterIP: '10.96.0.10', externalIPs: ['203.0.113.5']}
	const ipv6 = {...port, clusterIP: 'fd00:96::a', externalIPs: ['2001:db8:f::5']}
	const endpoints = ['10.244.1.5:8080', '10.244.2.5:8080']
	const endpoints6 = ['[fd00:244:0:1::5]:8080', '[fd00:244:0:2::5]:8080']
	return [
		into(`iptables-${variant}-restore --noflush`, iptablesModeRules('ipv4', '10.244.0.0/16', [{...ipv4, endpoints}])),
		into(
			`ip6tables-${variant}-restore --noflush`,
			iptablesModeRules('ipv6', 'fd00:244::/56', [{...ipv6, endpoints: endpoints6}]),
		),
	].join('\n')
}

/** kube-proxy makes no jump that is there already: those that both modes have come with the ipvs mode. */
const withoutJumps = (script: string): string =>
	script.replace(
		/^-A [A-Z]+ -m comment --comment "kubernetes (service portals|postrouting rules|forwarding rules)".*\n/gm,
		'',
	)

/** What of kube-proxy no node of ours has. */
const isLeftover = (line: string): boolean =>
	/KUBE-((SVC|SEP|EXT)-E|NODEPORTS|EXTERNAL-SERVICES|PROXY-CANARY)|load balancer firewall/.test(line)

/** Lines that only one of two states has; a rule that moved in its chain is none. */
const differences = (found: readonly string[], expected: readonly string[]): readonly string[] => [
	...found.filter(line => !expected.includes(line)).map(line => `+ ${line}`),
	...expected.filter(line => !found.includes(line)).map(line => `- ${line}`),
	...(found.length === expected.length ? [] : [`${found.length} lines, not ${expected.length}`]),
]

const NODES = [
	{
		title: 'of the ipvs mode, with remains of the iptables mode',
		objects: CLUSTER.objects,
		config: configBeside(CLUSTER.objects),
		script: (variant: Variant) => [withoutJumps(iptablesMode(variant)), stateScript(CLUSTER.state, variant)].join('\n'),
		found: /kube-proxy in mode ipvs.*6 are adopted as they are.*ipv4: 2 chains nat KUBE-SEP-/s,
	},
	{
		title: 'of the ipvs mode, with externalTrafficPolicy Local',
		objects: LOCAL.objects,
		config: COMMON_CONFIG,
		script: (variant: Variant) => stateScript(LOCAL.state, variant),
		found: /kube-proxy in mode ipvs.*6 are adopted as they are/s,
	},
	{
		title: 'of the iptables mode',
		objects: CLUSTER.objects,
		config: COMMON_CONFIG,
		script: iptablesMode,
		found: /kube-proxy in mode iptables.*4 are bound.*kube-proxy's rules serve until then/s,
	},
]

/**
 * Source ports of a node's loads, none of which is used twice: what is remembered of a connection through a virtual
 * server that has gone since would cost the next one from that port its first packet.
 */
const portsOf = (number: number) => ({first: 11_000 + number * TARGETS.length * 1000, count: 1000})

/** Seconds to the first sync beside the load, on the one CPU of a test kernel. */
const PATIENCE = 120

/**
 * SYNs that may be sent again, because a packet waits for the one CPU for longer than TCP does. A gap in the service loses
 * more: three hosts open a connection each every 15 ms.
 */
const MOST_RETRANSMITTED = 2

/** What answers on a port of kube-proxy. */
const KUBE_PROXY = `const {createServer} = require('node:http')
createServer((_, response) => response.end('ipvs')).listen(10249, process.argv[1], () => console.log('listens'))`

describe('a takeover', function () {
	this.timeout(300_000)
	let topology: Topology
	let variant: Variant

	const node = () => topology.node('n1')
	/** How kube-proxy adds an IPv6 address differs, not the address. */
	const state = async () => (await readNodeState(topology, node())).map(line => line.replace(' nodad', ''))
	const shell = (script: string) => topology.exec(node(), 'sh', ['-e'], {input: script})

	before(async () => {
		const doors = openSystemDoors(systemClock)
		variant = await new IptablesClient(doors).variant()
		doors.netlink.close()
		topology = await createTopology({
			name: 'takeover',
			nodes: [
				{name: 'n1', pods: ['a1', 'b1', 'c1', 'web1']},
				{name: 'n2', pods: ['a2', 'b2', 'c2', 'web2']},
			],
			clients: ['outside'],
		})
		await Promise.all(['web1', 'web2'].map(name => startEcho(topology, topology.pod(name), {ports: [8080]})))
		// As kube-proxy has set it; what it sets, it never puts back.
		await shell(`echo 1 >/proc/sys/net/ipv4/vs/conntrack\n${foreignRules(variant)}`)
	})

	after(() => topology?.destroy())

	/** Resolves with what ends it. */
	const startKubeProxy = async (address: string): Promise<() => void> => {
		const kubeProxy = topology.spawn(node(), 'node', ['-e', KUBE_PROXY, address])
		await once(kubeProxy.stdout, 'data')
		return () => kubeProxy.kill('SIGKILL')
	}

	/** New connections and established ones, to every VIP from everywhere. */
	const startLoads = (number: number) =>
		Promise.all(
			[topology.client('outside'), topology.pod('a1'), node()].map(host =>
				Load.start(topology, host, {
					targets: TARGETS,
					interval: 15,
					long: TARGETS.length,
					sourcePorts: portsOf(number),
				}),
			),
		)

	const untilAnswered = async (loads: readonly Load[], requests: number) => {
		const before = await Promise.all(loads.map(load => load.look()))
		for (;;) {
			const now = await Promise.all(loads.map(load => load.look()))
			const isDone = now.every(
				({requests: count, failed}, at) => count + failed - (before[at]?.requests ?? 0) >= requests,
			)
			if (isDone) {
				return now
			}
		}
	}

	/** SYNs and their answers that were sent again, on all hosts. */
	const countRetransmitted = async () => {
		const hosts = [topology.client('outside'), node(), ...['a1', 'web1', 'web2'].map(name => topology.pod(name))]
		let count = 0
		for (const host of hosts) {
			const {stdout} = await topology.exec(host, 'grep', ['^TcpExt:', '/proc/net/netstat'])
			const [names = [], values = []] = stdout.split('\n').map(line => line.split(' '))
			count += Number(values[names.indexOf('TCPSynRetrans')])
		}
		return count
	}

	/** An answer may be slow: the test's own programs compete for one CPU. */
	const expectNothingLost = (results: readonly Awaited<ReturnType<Load['look']>>[]) => {
		for (const {failed, longEnded, longLost, failures} of results) {
			expect({failed, longEnded, longLost, failures: failures.filter(({kind}) => kind !== 'slow')}).to.deep.equal({
				failed: 0,
				longEnded: 0,
				longLost: 0,
				failures: [],
			})
		}
	}

	for (const [number, {title, objects, config, script, found}] of NODES.entries()) {
		describe(`of a node ${title}`, () => {
			let kubeLvs: KubeLvs
			let clean: readonly string[]
			let taken: readonly string[]

			before(async () => {
				clean = await state()
				await shell(script(variant))
				kubeLvs = new KubeLvs(topology, node(), ['--source', objects, '--kube-proxy-config', config])
			})

			after(async () => {
				await kubeLvs?.stop('SIGKILL')
				await kubeLvs?.command('cleanup')
			})

			it('is told beforehand, step by step, and changes nothing', async () => {
				const before = await state()
				const {stdout, stderr, exitCode} = await kubeLvs.command('takeover', '--dry-run')
				expect(exitCode, stderr).to.equal(0)
				expect(stdout).to.match(found)
				expect(stdout).to.include('Nothing was changed.')
				expect(await state()).to.deep.equal(before)
			})

			it('loses no new connection and breaks no established one', async () => {
				const retransmitted = await countRetransmitted()
				const loads = await startLoads(number)
				expectNothingLost(await untilAnswered(loads, 30))
				const from = kubeLvs.launch()
				const first = await kubeLvs.waitFor(({msg}) => msg === 'first sync done', from, PATIENCE)
				expect(first).to.include({failures: 0})
				await untilAnswered(loads, 60)
				const results = await Promise.all(loads.map(load => load.stop()))
				expectNothingLost(results)
				expect((await countRetransmitted()) - retransmitted).to.be.at.most(MOST_RETRANSMITTED)
				expect(results.map(({longOpened}) => longOpened)).to.deep.equal(results.map(() => TARGETS.length))
			})

			it('leaves nothing of kube-proxy, and all of others', async () => {
				taken = await state()
				expect(taken.filter(isLeftover)).to.deep.equal([])
				expect(taken).to.include.members(clean.filter(line => /THEIRS|KUBE-FIREWALL/.test(line)))
				const {stdout} = await kubeLvs.command('plan')
				expect(stdout).to.equal('0 operations')
			})

			it('ends, with cleanup, in the state of a node on which nothing ever ran', async () => {
				await kubeLvs.stop()
				const cleanup = await kubeLvs.command('cleanup')
				expect(cleanup.exitCode, cleanup.stderr).to.equal(0)
				expect(differences(await state(), clean)).to.deep.equal([])
			})

			it('had ended in the state that a start on such a node ends in', async () => {
				await kubeLvs.start()
				const fresh = await state()
				expect(differences(taken, fresh)).to.deep.equal([])
			})
		})
	}

	it('waits for the end of a kube-proxy that still runs, and says it when one comes back', async () => {
		let endKubeProxy = await startKubeProxy('127.0.0.1')
		const args = ['--source', CLUSTER.objects, '--kube-proxy-config', COMMON_CONFIG, '--audit-interval', '2s']
		const kubeLvs = new KubeLvs(topology, node(), args)
		try {
			const before = await state()
			const preparing = new KubeLvs(topology, node(), args, {container: 'none'}).command('doctor', '--prepare')
			const from = kubeLvs.launch()
			await kubeLvs.waitFor(({msg}) => msg.includes('nothing is changed before it has stopped'), from)
			expect(await state()).to.deep.equal(before)
			endKubeProxy()
			const {exitCode, stderr} = await preparing
			expect(stderr).to.include('nothing is changed before it has stopped')
			expect(exitCode, stderr).to.equal(0)
			await kubeLvs.waitFor(({msg}) => msg === 'first sync done', from)

			endKubeProxy = await startKubeProxy('::1')
			const isSaid = ({level, msg}: LogLine) => level === 'error' && msg.startsWith('a kube-proxy in mode ipvs runs')
			await kubeLvs.waitFor(isSaid)
			expect((await kubeLvs.command('status')).stdout).to.match(/^WARNING: a kube-proxy in mode ipvs runs/)
			endKubeProxy()
			await kubeLvs.waitFor(({msg}) => msg === 'no kube-proxy answers on this node any more')
			expect(kubeLvs.log.filter(isSaid)).to.have.lengthOf(1)
			expect((await kubeLvs.command('status')).stdout).to.not.match(/WARNING/)
		} finally {
			endKubeProxy()
			await kubeLvs.stop()
			await kubeLvs.command('cleanup')
		}
	})
})
