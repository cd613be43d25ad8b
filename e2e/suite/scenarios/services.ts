import {expect} from 'chai'
import {isAnswer, tally} from '../../topology/answer.ts'
import {type Addresses, FAMILIES} from '../../topology/hosts.ts'
import {ask, both, clusterIPs, namesOf, readyPods, tallies, untilRefused, untilServed} from '../ask.ts'
import type {Cluster, ClusterPod, Origin} from '../cluster.ts'
import {until} from '../until.ts'
import {ORIGINS, originsOf, WEB_PODS, webAddresses} from '../web.ts'
import {PORT, SCRIPTS, service} from '../workload.ts'

const LOCAL_BALANCER = {ipv4: '203.0.113.6', ipv6: '2001:db8:f::6'}
const LOCAL_NODE_PORT = 30081

/** For each of the pods. */
const TURNS = 2

export const describeServices = (cluster: () => Cluster): void => {
	describe('Services', () => {
		let pods: readonly ClusterPod[]
		let origins: Readonly<Record<(typeof ORIGINS)[number], Origin>>

		const at = (origin: (typeof ORIGINS)[number]) => cluster().at(origins[origin])
		const podsOn = (node: number) => namesOf(pods.filter(pod => pod.node === cluster().nodes[node]?.name))
		const whoAnswers = async (...[place, targets]: Parameters<typeof tallies>) =>
			(await tallies(place, targets)).map(counts => Object.keys(counts).toSorted())

		before(async () => {
			pods = await readyPods(cluster(), 'web')
			origins = await originsOf(cluster())
		})

		for (const origin of ORIGINS) {
			it(`are balanced over all pods at each of their addresses, from ${origin}`, async () => {
				const targets = Object.entries(await webAddresses(cluster())).flatMap(([kind, {port, ...addresses}]) =>
					FAMILIES.flatMap(family =>
						(['tcp', 'udp'] as const).map(protocol => ({
							...{protocol, port, address: addresses[family], count: TURNS * WEB_PODS},
							name: `${kind} ${family} ${protocol}`,
						})),
					),
				)
				const found = await tallies(at(origin), targets)
				const turns = Object.fromEntries(pods.map(({name}) => [name, TURNS]))
				const byName = (of: (index: number) => unknown) =>
					Object.fromEntries(targets.map(({name}, index) => [name, of(index)]))
				expect(byName(index => found[index])).to.deep.equal(byName(() => turns))
			})
		}

		it('show pods the address of the pod that asks, but for one that asks itself', async () => {
			const place = at('an endpoint')
			const own = pods.find(({name}) => name === place.name)?.addresses
			const results = await ask(place, both(await clusterIPs(cluster(), 'web'), PORT, WEB_PODS))
			// Of each family, one from each pod.
			expect(results.map(tally)).to.deep.equal(
				FAMILIES.map(() => Object.fromEntries(namesOf(pods).map(name => [name, 1]))),
			)
			for (const answer of results.flat().filter(isAnswer)) {
				const isOwn = Object.values(own ?? {}).includes(answer.client)
				expect(isOwn, `${answer.pod} sees ${answer.client}`).to.equal(answer.pod !== place.name)
			}
		})

		it('with externalTrafficPolicy Local lead clients outside to the pods of the node, with their own address', async () => {
			const spec = {type: 'LoadBalancer', externalTrafficPolicy: 'Local'}
			await cluster().apply(service('local', {app: 'web', nodePort: LOCAL_NODE_PORT, spec}))
			await cluster().setLoadBalancer('local', Object.values(LOCAL_BALANCER))
			await untilServed(cluster(), 'local', {deployment: 'web'})
			const [n1, n2] = cluster().nodes
			const targets = [
				...both(LOCAL_BALANCER, PORT, WEB_PODS),
				...both(n1.addresses, LOCAL_NODE_PORT, WEB_PODS),
				...both(n2.addresses, LOCAL_NODE_PORT, WEB_PODS),
			]
			const results = await ask(at('outside'), targets)
			const who = results.map(tally).map(counts => Object.keys(counts).toSorted())
			expect(who).to.deep.equal([0, 0, 0, 0, 1, 1].map(podsOn))
			const clients = new Set(results.flat().map(answer => (isAnswer(answer) ? answer.client : answer.error)))
			expect(clients).to.have.lengthOf(2)
			const servers = cluster().nodes.flatMap(({addresses}) => Object.values(addresses))
			expect(servers.filter(address => clients.has(address))).to.deep.equal([])
			for (const origin of ['a pod', 'a node', 'another node'] as const) {
				const inside = await whoAnswers(at(origin), both(LOCAL_BALANCER, PORT, WEB_PODS))
				expect(inside, `from ${origin}`).to.deep.equal([namesOf(pods), namesOf(pods)])
			}
		})

		it('with internalTrafficPolicy Local lead to the pods of the node that asks', async () => {
			await cluster().apply(service('inner', {app: 'web', spec: {internalTrafficPolicy: 'Local'}}))
			await untilServed(cluster(), 'inner', {deployment: 'web', isWanted: (pod, node) => pod.node === node.name})
			const targets = both(await clusterIPs(cluster(), 'inner'), PORT, WEB_PODS)
			expect(await whoAnswers(at('a pod'), targets)).to.deep.equal([podsOn(0), podsOn(0)])
			expect(await whoAnswers(at('another node'), targets)).to.deep.equal([podsOn(1), podsOn(1)])
		})

		it('with sessionAffinity ClientIP lead all connections of one client to one pod', async () => {
			await cluster().apply(service('sticky', {app: 'web', spec: {sessionAffinity: 'ClientIP'}}))
			const addresses = await clusterIPs(cluster(), 'sticky')
			const seen = async () =>
				(await tallies(at('a pod'), both(addresses), 1)).map(counts => Object.keys(counts)[0] ?? '')
			await until(
				'sticky is served',
				() => '',
				async () => (await seen()).every(who => who.startsWith('web')),
			)
			const one = (await seen()).map(who => ({[who]: 5}))
			expect(await tallies(at('a pod'), both(addresses, PORT, 5))).to.deep.equal(one)
		})

		it('without pods refuse', async () => {
			await cluster().apply(service('empty'))
			const addresses = await clusterIPs(cluster(), 'empty')
			await Promise.all((['a pod', 'a node', 'outside'] as const).map(origin => untilRefused(at(origin), addresses)))
		})

		it('hide what listens on every address of the node', async () => {
			const [n1] = cluster().nodes
			const daemon = cluster()
				.at({node: n1.name})
				.spawn('perl', [`${SCRIPTS}/echo.pl`, 'daemon', '0.0.0.0,::', '9999'])
			const {'node port': _, ...vips} = await webAddresses(cluster())
			const asked = (...all: readonly Addresses[]) =>
				tallies(
					at('outside'),
					all.flatMap(addresses => both(addresses, 9999)),
				)
			await until(
				'the daemon',
				() => '',
				async () => (await asked(n1.addresses)).every(({daemon}) => daemon === 1),
			)
			const refused = Object.values(vips).flatMap(() => [{refused: 1}, {refused: 1}])
			expect(await asked(n1.addresses, ...Object.values(vips))).to.deep.equal([{daemon: 1}, {daemon: 1}, ...refused])
			daemon.kill('SIGKILL')
			await daemon
		})

		it('that ask for an address in use are told so in an Event, and change nothing', async () => {
			const {'external IP': taken} = await webAddresses(cluster())
			await cluster().apply(service('late', {spec: {externalIPs: [taken?.ipv4]}}))
			let events: readonly string[] = []
			await until(
				'AddressInUse',
				() => events.join(),
				async () => {
					events = await cluster().events('late')
					return events.includes('AddressInUse')
				},
			)
			const turns = Object.fromEntries(pods.map(({name}) => [name, 1]))
			expect(await tallies(at('outside'), [{address: taken?.ipv4 ?? '', port: PORT, count: WEB_PODS}])).to.deep.equal([
				turns,
			])
		})

		it('that are headless or ExternalName change nothing on the nodes', async () => {
			const [n1] = cluster().nodes
			const before = await cluster().state(n1.name)
			await cluster().apply(
				service('headless', {app: 'web', spec: {clusterIP: 'None'}}),
				{...service('elsewhere'), spec: {type: 'ExternalName', externalName: 'elsewhere.example'}},
				service('later'),
			)
			await untilRefused(at('a node'), await clusterIPs(cluster(), 'later'))
			await cluster().remove('Service', 'later')
			let after: readonly string[] = []
			await until(
				'the state from before',
				() => after.filter(line => !before.includes(line)).join('\n'),
				async () => {
					after = await cluster().state(n1.name)
					return after.join('\n') === before.join('\n')
				},
			)
			await cluster().remove('Service', 'headless', 'elsewhere', 'late', 'empty', 'sticky', 'inner', 'local')
		})
	})
}
