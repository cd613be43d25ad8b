import {expect} from 'chai'
import fc from 'fast-check'
import {type KubernetesObject, node} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'
import {address} from '../state/build.ts'
import {type AnyChange, anyChange} from './arbitrary-objects.ts'

/** What may happen. */
type Step =
	| ({readonly kind: 'change'} & AnyChange)
	| {readonly kind: 'pause'; readonly milliseconds: number}
	/** An interface gets or loses an address. */
	| {readonly kind: 'address'; readonly text: string; readonly isGone: boolean}
	/** The server is chosen by its place among those that are there. */
	| {readonly kind: 'connections'; readonly at: number; readonly count: number}
	| {readonly kind: 'damage'; readonly what: 'virtual-server' | 'real-server' | 'vip' | 'rules'; readonly at: number}
	| {readonly kind: 'refusal'; readonly errno: 'ENOMEM' | 'EPERM' | 'EBUSY'}
	| {readonly kind: 'lost-reply'}
	| {readonly kind: 'failing-program'; readonly program: string}
	/** Perhaps with other settings. */
	| {readonly kind: 'restart'; readonly settings: Settings}

type Settings = Readonly<Record<string, unknown>>

const SETTINGS: fc.Arbitrary<Settings> = fc.constantFrom<Settings[]>(
	{},
	{nodePortAddresses: ['primary']},
	{nodePortAddresses: ['192.0.2.0/24'], masqueradeAll: true},
	{externalIPNetworks: ['203.0.113.0/31'], scheduler: 'mh'},
	{clusterCIDR: [], serveExternalIPs: false},
	{masqueradeBit: 17},
)

/** What is bound in one way stays so. */
const FIRST_SETTINGS = fc
	.tuple(SETTINGS, fc.constantFrom('auto', 'address', 'route'))
	.map(([settings, vipBinding]): Settings => ({...settings, vipBinding}))

const change: fc.Arbitrary<Step> = anyChange.map(change => ({kind: 'change', ...change}))
const pause: fc.Arbitrary<Step> = fc.constantFrom(0, 50, 500, 3000).map(milliseconds => ({kind: 'pause', milliseconds}))
const connections: fc.Arbitrary<Step> = fc.record({
	kind: fc.constant('connections' as const),
	at: fc.nat(50),
	count: fc.constantFrom(0, 3),
})

const hostAddress: fc.Arbitrary<Step> = fc.record({
	kind: fc.constant('address' as const),
	text: fc.constantFrom('192.0.2.11', '2001:db8::11', '203.0.113.1', '203.0.113.2'),
	isGone: fc.boolean(),
})

const step: fc.Arbitrary<Step> = fc.oneof(
	{weight: 20, arbitrary: change},
	{weight: 6, arbitrary: pause},
	{weight: 3, arbitrary: connections},
	{weight: 2, arbitrary: hostAddress},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('damage' as const),
			what: fc.constantFrom('virtual-server', 'real-server', 'vip', 'rules'),
			at: fc.nat(50),
		}),
	},
	{weight: 2, arbitrary: fc.constantFrom('ENOMEM', 'EPERM', 'EBUSY').map(errno => ({kind: 'refusal', errno}) as const)},
	{weight: 2, arbitrary: fc.constant({kind: 'lost-reply'} as const)},
	{
		weight: 2,
		arbitrary: fc
			.constantFrom('iptables-nft-restore', 'ip6tables-nft-restore')
			.map(program => ({kind: 'failing-program', program}) as const),
	},
	{weight: 1, arbitrary: SETTINGS.map(settings => ({kind: 'restart', settings}) as const)},
)

const play = async (world: World, step: Step): Promise<void> => {
	const {kernel} = world
	switch (step.kind) {
		case 'change':
			return step.isGone ? world.remove(step.object) : world.change(step.object)
		case 'pause':
			return world.advance(step.milliseconds)
		case 'address':
			changeAddress(world, step.text, step.isGone)
			return world.controller.addressChanged('host')
		case 'connections':
			return setConnections(world, step.at, step.count)
		case 'damage':
			return damage(world, step.what, step.at)
		case 'refusal':
			return kernel.failNext({kind: 'errno', errno: step.errno})
		case 'lost-reply':
			return kernel.loseReplies()
		case 'failing-program':
			return kernel.failNext({kind: 'exec', program: step.program, exitCode: 1, stderr: 'no luck'})
		case 'restart':
			return world.restart(step.settings)
		default:
			step satisfies never
	}
}

const changeAddress = ({kernel}: World, text: string, isGone: boolean): void => {
	const addresses = kernel.links.find('eth0')?.addresses
	isGone ? addresses?.delete(address(text)) : addresses?.set(address(text), text.includes(':') ? 64 : 24)
}

const setConnections = ({kernel: {ipvs}}: World, at: number, count: number): void => {
	const all = [...ipvs.servers].flatMap(([key, {realServers}]) =>
		[...realServers.keys()].map(name => [key, name] as const),
	)
	const [server, realServer] = all[at % all.length] ?? []
	if (server !== undefined && realServer !== undefined) {
		ipvs.setConnections(server, realServer, count)
	}
}

const damage = ({kernel}: World, what: (Step & {kind: 'damage'})['what'], at: number): void => {
	const oneOf = <Item>(items: Iterable<Item>): Item | undefined => {
		const all = [...items]
		return all[at % all.length]
	}
	const {servers} = kernel.ipvs
	const server = oneOf(servers.keys()) ?? ''
	const vips = kernel.links.find('kube-ipvs0')?.addresses
	switch (what) {
		case 'virtual-server':
			servers.delete(server)
			break
		case 'real-server':
			servers.get(server)?.realServers.delete(oneOf(servers.get(server)?.realServers.keys() ?? []) ?? '')
			break
		case 'vip':
			vips?.delete(oneOf(vips.keys()) ?? address('0.0.0.0'))
			break
		case 'rules':
			kernel.iptables.tables('ipv4').get('nat')?.get('KUBE-SERVICES')?.rules.splice(0)
			break
		default:
			what satisfies never
	}
}

/** Nothing fails any more, and every connection has come to its end. */
const calmDown = ({kernel}: World): void => {
	kernel.faults.clear()
	for (const [key, {realServers}] of kernel.ipvs.servers) {
		for (const realServer of realServers.keys()) {
			kernel.ipvs.setConnections(key, realServer, 0)
		}
	}
}

/** Everything that people and programs can see of it. */
const seenOf = async (world: World) => ({
	kernel: world.kernel.dump(),
	healthChecks: world.http.addresses,
	problems: world.problems().toSorted(),
	unserved: await Promise.all(
		['IPv4', 'IPv6'].flatMap(ip_family =>
			['internal', 'external'].map(traffic_policy =>
				world.metric('kubeproxy_sync_proxy_rules_no_local_endpoints_total', {ip_family, traffic_policy}),
			),
		),
	),
})

/** What is seen after a fresh start with the last state of all objects and addresses. */
const expectedAfter = async (steps: readonly Step[], first: Settings) => {
	const config = Object.assign({}, first, ...steps.map(step => (step.kind === 'restart' ? step.settings : {})))
	const world = new World({config}, undefined)
	const objects = new Map<string, KubernetesObject>()
	for (const step of steps) {
		if (step.kind === 'change') {
			const {kind, metadata} = step.object
			const key = `${kind} ${metadata.namespace} ${metadata.name}`
			step.isGone ? objects.delete(key) : objects.set(key, step.object)
		} else if (step.kind === 'address') {
			changeAddress(world, step.text, step.isGone)
		}
	}
	const isOwn = ({kind, metadata}: KubernetesObject) => kind === 'Node' && metadata.name === 'n1'
	world.given(...([...objects.values()].some(isOwn) ? [] : [node()]), ...objects.values())
	await world.settled()
	const seen = await seenOf(world)
	await world.stop()
	return seen
}

describe('the state of the kernel', function () {
	this.timeout(240_000)

	it('after any order of changes, failures and restarts is that of a fresh start with the last objects', async () => {
		await fc.assert(
			fc.asyncProperty(
				FIRST_SETTINGS,
				fc.array(step, {maxLength: 40, size: 'max'}),
				fc.option(fc.integer({min: 1, max: 1e9}), {nil: undefined, freq: 2}),
				async (config, steps, seed) => {
					const world = new World({config}, seed)
					world.given()
					for (const step of steps) {
						await play(world, step)
					}
					calmDown(world)
					await world.settled()
					const reached = await seenOf(world)
					await world.stop()
					expect(reached).to.deep.equal(await expectedAfter(steps, config))
				},
			),
			{numRuns: Number(process.env.CONVERGENCE_RUNS ?? 150)},
		)
	})

	it('is the same when changes alone lead to it, without any audit after the first', async () => {
		const peaceful = fc.oneof(
			{weight: 4, arbitrary: change},
			{weight: 1, arbitrary: pause},
			{weight: 1, arbitrary: connections},
			{weight: 1, arbitrary: hostAddress},
		)
		await fc.assert(
			fc.asyncProperty(
				FIRST_SETTINGS,
				fc.array(peaceful, {minLength: 5, maxLength: 40, size: 'max'}),
				async (config, steps) => {
					const world = new World({config: {...config, auditInterval: '1h'}}, undefined)
					world.given()
					await world.advance(0)
					for (const step of steps) {
						await play(world, step)
					}
					await world.advance(500)
					calmDown(world)
					await world.advance(5000)
					const reached = await seenOf(world)
					await world.stop()
					expect(world.observer.syncs.map(({kind}) => kind)).to.not.include('audit')
					expect(reached).to.deep.equal(await expectedAfter(steps, config))
				},
			),
			{numRuns: Number(process.env.CONVERGENCE_RUNS ?? 150)},
		)
	})
})
