import {expect} from 'chai'
import {parseConfig} from '../../../src/config/parse.ts'
import type {Node} from '../../../src/model/node.ts'
import type {Family} from '../../../src/net/address.ts'
import {createHealth} from '../../../src/observe/health/create-health.ts'
import type {SyncReport} from '../../../src/observe/observer.ts'
import type {ServiceState} from '../../../src/state/service-state.ts'
import {createManualClock} from '../../kubernetes/manual-clock.ts'
import {nodeContext} from '../../model/build.ts'
import {address} from '../../state/build.ts'
import {FakeServers} from '../../support/fake-servers.ts'

const NODE: Node = {
	...{name: 'n1', zone: '', addresses: [], podCIDRs: [], deleting: false, taints: [], annotations: new Map()},
}
const CHECK = {port: 32_000, namespace: 'ns', name: 's', uid: 'u', localEndpoints: 1}
const stateOf = (...families: readonly Family[]): ServiceState => ({
	...{owner: {key: 'ns/s', createdAt: 0}, listeners: [], members: [], noLocalEndpoints: []},
	healthChecks: families.map(family => ({...CHECK, family})),
})
const SYNCED: SyncReport = {kind: 'change', done: new Map(), failures: [], milliseconds: 1, services: 0}

type Settings = Readonly<Record<string, unknown>>

const start = (fields: Settings = {}) => {
	const servers = new FakeServers()
	const answered: [string, number][] = []
	const clock = createManualClock()
	const health = createHealth({
		config: parseConfig('', {nodeName: 'n1', auditInterval: '30s', ...fields}),
		families: ['ipv4', 'ipv6'],
		clock,
		open: servers.open,
		isEnding: () => false,
		report: () => undefined,
		answered: (path, status) => void answered.push([path, status]),
	})
	const {observer} = health
	const see = (key: string, object: Node | undefined) => observer.changed?.({kind: 'Node', key, object})
	const statusOf = async (path: string) => (await health.answer(path))?.status
	return {health, observer, servers, answered, clock, see, statusOf}
}

describe('the health that load balancers are told of', () => {
	it('is bad as long as the Node is not known, and good from then on', async () => {
		const {see, statusOf} = start()
		expect(await statusOf('/healthz')).to.equal(503)
		expect(await statusOf('/livez')).to.equal(200)
		see('n1', NODE)
		expect(await statusOf('/healthz')).to.equal(200)
	})

	it('needs no Node where objects come from files, but heeds the one that is there', async () => {
		const {see, statusOf} = start({source: 'manifests'})
		expect(await statusOf('/healthz')).to.equal(200)
		see('n1', {...NODE, deleting: true})
		expect(await statusOf('/healthz')).to.equal(503)
	})

	it('is bad once the node is about to be deleted, and is not that of another node', async () => {
		const {see, statusOf} = start()
		see('n1', NODE)
		see('n2', {...NODE, name: 'n2', deleting: true})
		expect(await statusOf('/healthz')).to.equal(200)
		see('n1', {...NODE, taints: ['ToBeDeletedByClusterAutoscaler']})
		expect(await statusOf('/healthz')).to.equal(503)
		expect(await statusOf('/livez')).to.equal(200)
	})

	it('stays that of the Node as it was last seen, where it is deleted', async () => {
		const {see, statusOf} = start()
		see('n1', NODE)
		see('n1', undefined)
		expect(await statusOf('/healthz')).to.equal(200)
	})

	it('is counted for each answer, and for no path that is not served', async () => {
		const {answered, statusOf} = start()
		await statusOf('/livez')
		await statusOf('/healthz')
		expect(await statusOf('/metrics')).to.equal(undefined)
		expect(answered).to.deep.equal([
			['/livez', 200],
			['/healthz', 503],
		])
	})
})

describe('where health-check node ports listen', () => {
	const listen = async (fields: Settings) => {
		const started = start(fields)
		const {observer, servers} = started
		const addresses = [address('192.0.2.10'), address('2001:db8::10')]
		observer.located?.(nodeContext({nodePortAddresses: addresses}))
		observer.compiled?.('ns/s', stateOf('ipv4', 'ipv6'))
		observer.synced?.(SYNCED)
		// What is opened takes a turn.
		await started.clock.advance(0)
		await started.clock.advance(0)
		return {...started, addresses: servers.addresses}
	}

	const CASES: readonly {readonly name: string; readonly fields: Settings; readonly found: readonly string[]}[] = [
		{name: 'no network is told', fields: {}, found: ['0.0.0.0:32000', '[::]:32000 ipv6']},
		{
			name: 'a network is told for one family alone',
			fields: {nodePortAddresses: ['192.0.2.0/24']},
			found: ['192.0.2.10:32000', '[::]:32000 ipv6'],
		},
		{
			name: 'it may be half of all addresses',
			fields: {nodePortAddresses: ['128.0.0.0/1', '2000::/3']},
			found: ['192.0.2.10:32000', '[2001:db8::10]:32000 ipv6'],
		},
		{
			name: 'one of several is every network',
			fields: {nodePortAddresses: ['192.0.2.0/24', '0.0.0.0/0', '::/0']},
			found: ['0.0.0.0:32000', '[::]:32000 ipv6'],
		},
		{
			name: 'the primary addresses are asked for',
			fields: {nodePortAddresses: ['primary']},
			found: ['192.0.2.10:32000', '[2001:db8::10]:32000 ipv6'],
		},
	]
	for (const {name, fields, found} of CASES) {
		it(`${found.join(' and ')} where ${name}`, async () => {
			expect((await listen(fields)).addresses).to.deep.equal(found)
		})
	}

	it('answer 503 while syncs are late, unless no health server tells why', async () => {
		for (const [fields, status] of [
			[{}, 503],
			[{healthzBindAddress: ''}, 200],
		] as const) {
			const {observer, servers, clock} = await listen(fields)
			observer.requested?.(['ipv4'])
			await clock.advance(60_000)
			expect((await servers.ask('0.0.0.0:32000'))?.status).to.equal(status)
		}
	})

	it('are tried again with a sync that could not be done at all', async () => {
		const {observer, servers, clock} = start()
		observer.located?.(nodeContext())
		observer.compiled?.('ns/s', stateOf('ipv4'))
		observer.failed?.('first', new Error('no'))
		await clock.advance(0)
		await clock.advance(0)
		expect(servers.addresses).to.deep.equal(['0.0.0.0:32000'])
	})
})
