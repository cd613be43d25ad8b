import {expect} from 'chai'
import {Registry} from 'prom-client'
import type {Problem} from '../../../src/model/problem.ts'
import {createMetrics} from '../../../src/observe/metrics/metrics.ts'
import {createMetricsObserver} from '../../../src/observe/metrics/metrics-observer.ts'
import type {SyncReport} from '../../../src/observe/observer.ts'
import type {Operation} from '../../../src/plan/operation.ts'
import type {NoLocalEndpoints, ServiceState} from '../../../src/state/service-state.ts'
import {createManualClock} from '../../kubernetes/manual-clock.ts'
import {service, slice} from '../../model/build.ts'
import {virtualServer} from '../../state/build.ts'

const start = () => {
	const registry = new Registry()
	const pending = {services: 0, endpointSlices: 0}
	// Somebody has set the node's clock since: what is told is what it says now.
	const clock = createManualClock(500_000, 500_000)
	const observer = createMetricsObserver(
		createMetrics(registry, () => pending),
		['ipv4', 'ipv6'],
		clock,
	)
	/** Samples of one metric, without comments. */
	const read = async (name: string): Promise<readonly string[]> =>
		(await registry.getSingleMetricAsString(name)).split('\n').filter(line => line !== '' && !line.startsWith('#'))
	return {observer, clock, read, pending}
}

const report = (rest: Partial<SyncReport> = {}): SyncReport => ({
	kind: 'change',
	done: new Map(),
	failures: [],
	milliseconds: 40,
	services: 1,
	...rest,
})

const restore: Operation = {
	kind: 'restore-rules',
	ruleset: {family: 'ipv6', chains: [], jumps: []},
	missing: [],
}

const refused = (operation: Operation, code: string) => ({operation, error: Object.assign(new Error('no'), {code})})

const SYNC = 'kubeproxy_sync_proxy_rules'

describe('the metrics', () => {
	it('measure each sync in each family', async () => {
		const {observer, read} = start()
		observer.synced(report())
		const samples = await read(`${SYNC}_duration_seconds`)
		expect(samples).to.include.members([
			`${SYNC}_duration_seconds_bucket{le="0.032",ip_family="IPv4"} 0`,
			`${SYNC}_duration_seconds_bucket{le="0.064",ip_family="IPv4"} 1`,
			`${SYNC}_duration_seconds_count{ip_family="IPv6"} 1`,
		])
		expect(samples.filter(line => line.includes('_bucket') && line.includes('IPv4'))).to.have.length(16)
	})

	it('have the time of the last success and of the last request', async () => {
		const {observer, clock, read} = start()
		await clock.advance(5000)
		observer.requested(['ipv4'])
		await clock.advance(5000)
		observer.synced(report({failures: [refused(restore, 'EXIT 4')]}))
		expect(await read(`${SYNC}_last_timestamp_seconds`)).to.deep.equal([
			`${SYNC}_last_timestamp_seconds{ip_family="IPv4"} 1010`,
		])
		expect(await read(`${SYNC}_last_queued_timestamp_seconds`)).to.have.members([
			`${SYNC}_last_queued_timestamp_seconds{ip_family="IPv4"} 1005`,
			`${SYNC}_last_queued_timestamp_seconds{ip_family="IPv6"} 1000`,
		])
	})

	it('count failures by operation and code, those of iptables-restore by family as well', async () => {
		const {observer, read} = start()
		const server: Operation = {kind: 'add-virtual-server', server: virtualServer('tcp 10.96.0.10:80')}
		observer.synced(report({failures: [refused(restore, 'EXIT 4'), refused(server, 'ENOENT')]}))
		observer.synced(report({failures: [refused(restore, 'EXIT 4')]}))
		expect(await read('kube_lvs_failures_total')).to.deep.equal([
			'kube_lvs_failures_total{operation="restore-rules",code="EXIT 4"} 2',
			'kube_lvs_failures_total{operation="add-virtual-server",code="ENOENT"} 1',
		])
		expect(await read(`${SYNC}_iptables_restore_failures_total`)).to.deep.equal([
			`${SYNC}_iptables_restore_failures_total{ip_family="IPv4"} 0`,
			`${SYNC}_iptables_restore_failures_total{ip_family="IPv6"} 2`,
		])
	})

	it('tell what waits for a sync at the moment of the scrape', async () => {
		const {pending, read} = start()
		Object.assign(pending, {services: 3, endpointSlices: 7})
		expect(await read(`${SYNC}_service_changes_pending`)).to.deep.equal([`${SYNC}_service_changes_pending 3`])
		expect(await read(`${SYNC}_endpoint_changes_pending`)).to.deep.equal([`${SYNC}_endpoint_changes_pending 7`])
	})

	it('count changes of Services and slices', async () => {
		const {observer, read} = start()
		observer.changed({kind: 'Service', key: 'ns/s', object: service()})
		observer.changed({kind: 'Service', key: 'ns/s', object: undefined})
		observer.changed({kind: 'EndpointSlice', key: 'ns/a', object: slice('a', [])})
		expect(await read(`${SYNC}_service_changes_total`)).to.deep.equal([`${SYNC}_service_changes_total 2`])
		expect(await read(`${SYNC}_endpoint_changes_total`)).to.deep.equal([`${SYNC}_endpoint_changes_total 1`])
	})

	it('measure how long it took from the trigger of a slice to the sync that brought it', async () => {
		const {observer, clock, read} = start()
		await clock.advance(10_000)
		const object = slice('a', [], {triggeredAt: clock.wall() - 2000})
		observer.changed({kind: 'EndpointSlice', key: 'ns/a', object})
		observer.synced(report({takenAt: clock.now()}))
		const name = 'kubeproxy_network_programming_duration_seconds'
		expect(await read(name)).to.include.members([
			`${name}_bucket{le="1",ip_family="IPv4"} 0`,
			`${name}_bucket{le="2",ip_family="IPv4"} 1`,
			`${name}_sum{ip_family="IPv4"} 2`,
			`${name}_count{ip_family="IPv4"} 1`,
		])
	})

	it('tell how many values are not served as asked, while they are', async () => {
		const {observer, read} = start()
		const problem = (reason: Problem['reason']): Problem => ({
			object: {kind: 'Service', namespace: 'ns', name: 's', uid: ''},
			field: '',
			reason,
			message: '',
		})
		observer.problems('ns/s', [problem('AddressInUse'), problem('AddressInUse'), problem('InvalidPort')])
		observer.problems('ns/t', [problem('AddressInUse')])
		observer.problems('ns/s', [problem('AddressInUse')])
		expect(await read('kube_lvs_problems')).to.have.members([
			'kube_lvs_problems{reason="AddressInUse"} 2',
			'kube_lvs_problems{reason="InvalidPort"} 0',
		])
		expect(await read('kube_lvs_services_with_problems')).to.have.members([
			'kube_lvs_services_with_problems{reason="AddressInUse"} 2',
			'kube_lvs_services_with_problems{reason="InvalidPort"} 0',
		])
	})

	it('count a Service once for each reason, and what cannot be read until it can', async () => {
		const {observer, read} = start()
		const problem = (reason: Problem['reason'], field: string): Problem => ({
			object: {kind: 'Service', namespace: 'ns', name: 's', uid: ''},
			field,
			reason,
			message: '',
		})
		observer.problems('ns/s', [problem('InvalidAddress', 'a'), problem('InvalidAddress', 'b')])
		observer.garbled(problem('InvalidObject', 'a'))
		observer.garbled(problem('InvalidObject', 'b'))
		observer.mended(problem('InvalidObject', 'b'))
		expect(await read('kube_lvs_problems')).to.have.members([
			'kube_lvs_problems{reason="InvalidAddress"} 2',
			'kube_lvs_problems{reason="InvalidObject"} 1',
		])
		expect(await read('kube_lvs_services_with_problems')).to.deep.equal([
			'kube_lvs_services_with_problems{reason="InvalidAddress"} 1',
		])
	})

	it('tell how many Services have no endpoints on this node though their policy wants them', async () => {
		const {observer, read} = start()
		const state = (...noLocalEndpoints: readonly NoLocalEndpoints[]): ServiceState => ({
			owner: {key: 'ns/s', createdAt: 0},
			listeners: [],
			members: [],
			healthChecks: [],
			noLocalEndpoints,
		})
		const labels = (policy: string, family: string) =>
			`${SYNC}_no_local_endpoints_total{ip_family="${family}",traffic_policy="${policy}"}`
		observer.compiled('ns/s', state({family: 'ipv4', policy: 'external'}, {family: 'ipv4', policy: 'internal'}))
		observer.compiled('ns/t', state({family: 'ipv4', policy: 'external'}))
		observer.compiled('ns/s', state({family: 'ipv4', policy: 'external'}))
		expect(await read(`${SYNC}_no_local_endpoints_total`)).to.have.members([
			`${labels('internal', 'IPv4')} 0`,
			`${labels('external', 'IPv4')} 2`,
			`${labels('internal', 'IPv6')} 0`,
			`${labels('external', 'IPv6')} 0`,
		])
		observer.compiled('ns/t', undefined)
		observer.compiled('ns/s', undefined)
		expect(await read(`${SYNC}_no_local_endpoints_total`)).to.include(`${labels('external', 'IPv4')} 0`)
	})
})
