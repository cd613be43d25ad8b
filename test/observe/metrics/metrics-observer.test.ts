import {expect} from 'chai'
import {Registry} from 'prom-client'
import type {Problem} from '../../../src/model/problem.ts'
import {createMetrics} from '../../../src/observe/metrics/metrics.ts'
import {createMetricsObserver} from '../../../src/observe/metrics/metrics-observer.ts'
import type {Readings} from '../../../src/observe/metrics/readings.ts'
import type {SyncReport} from '../../../src/observe/observer.ts'
import type {Operation} from '../../../src/plan/operation.ts'
import type {NoLocalEndpoints, ServiceState} from '../../../src/state/service-state.ts'
import {createManualClock} from '../../kubernetes/manual-clock.ts'
import {service, slice} from '../../model/build.ts'
import {virtualServer} from '../../state/build.ts'
import {NO_READINGS} from './readings.ts'

const start = ({
	kubeProxyMetrics = true,
	readings = {},
}: {
	readonly kubeProxyMetrics?: boolean
	readonly readings?: Partial<Readings>
} = {}) => {
	const registry = new Registry()
	const pending = {services: 0, endpointSlices: 0}
	// Somebody has set the node's clock since: what is told is what it says now.
	const clock = createManualClock(500_000, 500_000)
	const observer = createMetricsObserver(
		createMetrics(registry, () => ({...NO_READINGS, ...readings, pending: () => pending}), {kubeProxyMetrics}),
		['ipv4', 'ipv6'],
		clock,
	)
	/** Samples of one metric, without comments. */
	const read = async (name: string): Promise<readonly string[]> =>
		(await registry.getSingleMetricAsString(name)).split('\n').filter(line => line !== '' && !line.startsWith('#'))
	return {registry, observer, clock, read, pending}
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
		expect(await read('kube_lvs_last_successful_sync_timestamp_seconds')).to.deep.equal([
			'kube_lvs_last_successful_sync_timestamp_seconds{ip_family="IPv4"} 1010',
		])
		expect(await read('kube_lvs_last_sync_request_timestamp_seconds')).to.have.members([
			'kube_lvs_last_sync_request_timestamp_seconds{ip_family="IPv4"} 1005',
			'kube_lvs_last_sync_request_timestamp_seconds{ip_family="IPv6"} 1000',
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
		expect(await read('kube_lvs_pending_changes')).to.have.members([
			'kube_lvs_pending_changes{kind="Service"} 3',
			'kube_lvs_pending_changes{kind="EndpointSlice"} 7',
		])
	})

	it('count changes of each kind of object, under the names of kube-proxy those of Services and slices', async () => {
		const {observer, read} = start()
		observer.changed({kind: 'Service', key: 'ns/s', object: service()})
		observer.changed({kind: 'Service', key: 'ns/s', object: undefined})
		observer.changed({kind: 'EndpointSlice', key: 'ns/a', object: slice('a', [])})
		observer.changed({kind: 'Node', key: 'n1', object: undefined})
		expect(await read('kube_lvs_object_changes_total')).to.have.members([
			'kube_lvs_object_changes_total{kind="Service"} 2',
			'kube_lvs_object_changes_total{kind="EndpointSlice"} 1',
			'kube_lvs_object_changes_total{kind="Node"} 1',
		])
		expect(await read(`${SYNC}_service_changes_total`)).to.deep.equal([`${SYNC}_service_changes_total 2`])
		expect(await read(`${SYNC}_endpoint_changes_total`)).to.deep.equal([`${SYNC}_endpoint_changes_total 1`])
	})

	it('measure how long it took from the trigger of a slice to the sync that brought it', async () => {
		const {observer, clock, read} = start()
		await clock.advance(10_000)
		const object = slice('a', [], {triggeredAt: clock.wall() - 2000})
		observer.changed({kind: 'EndpointSlice', key: 'ns/a', object})
		observer.synced(report({takenAt: clock.now()}))
		for (const name of ['kube_lvs', 'kubeproxy'].map(program => `${program}_network_programming_duration_seconds`)) {
			expect(await read(name)).to.include.members([
				`${name}_bucket{le="1",ip_family="IPv4"} 0`,
				`${name}_bucket{le="2",ip_family="IPv4"} 1`,
				`${name}_sum{ip_family="IPv4"} 2`,
				`${name}_count{ip_family="IPv4"} 1`,
			])
		}
		// Nothing yet is told as well.
		expect(await read('kube_lvs_network_programming_duration_seconds')).to.include(
			'kube_lvs_network_programming_duration_seconds_count{ip_family="IPv6"} 0',
		)
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
		const NAMES = ['kube_lvs_service_ports_without_local_endpoints', `${SYNC}_no_local_endpoints_total`]
		const labels = (name: string, policy: string, family: string) =>
			`${name}{ip_family="${family}",traffic_policy="${policy}"}`
		observer.compiled('ns/s', state({family: 'ipv4', policy: 'external'}, {family: 'ipv4', policy: 'internal'}))
		observer.compiled('ns/t', state({family: 'ipv4', policy: 'external'}))
		observer.compiled('ns/s', state({family: 'ipv4', policy: 'external'}))
		for (const name of NAMES) {
			expect(await read(name)).to.have.members([
				`${labels(name, 'internal', 'IPv4')} 0`,
				`${labels(name, 'external', 'IPv4')} 2`,
				`${labels(name, 'internal', 'IPv6')} 0`,
				`${labels(name, 'external', 'IPv6')} 0`,
			])
		}
		observer.compiled('ns/t', undefined)
		observer.compiled('ns/s', undefined)
		for (const name of NAMES) {
			expect(await read(name)).to.include(`${labels(name, 'external', 'IPv4')} 0`)
		}
	})

	it('measure each sync by its kind, and count those that could not be done', async () => {
		const {observer, read} = start()
		observer.synced(report({kind: 'audit', milliseconds: 700}))
		observer.failed('change', new Error('no'))
		expect(await read('kube_lvs_sync_duration_seconds')).to.include.members([
			'kube_lvs_sync_duration_seconds_bucket{le="0.5",kind="audit"} 0',
			'kube_lvs_sync_duration_seconds_bucket{le="1",kind="audit"} 1',
			'kube_lvs_sync_duration_seconds_sum{kind="audit"} 0.7',
			'kube_lvs_sync_duration_seconds_count{kind="change"} 0',
		])
		expect(await read('kube_lvs_sync_failures_total')).to.have.members([
			'kube_lvs_sync_failures_total{kind="first"} 0',
			'kube_lvs_sync_failures_total{kind="audit"} 0',
			'kube_lvs_sync_failures_total{kind="change"} 1',
		])
	})

	it('measure each stage of a sync, and count the compilation into the whole', async () => {
		const {observer, read} = start()
		observer.synced(
			report({
				milliseconds: 40,
				stages: new Map([
					['compile', 30],
					['plan', 2],
					['apply', 35],
				]),
			}),
		)
		expect(await read('kube_lvs_sync_duration_seconds')).to.include(
			'kube_lvs_sync_duration_seconds_sum{kind="change"} 0.07',
		)
		expect(await read('kube_lvs_sync_stage_duration_seconds')).to.include.members([
			'kube_lvs_sync_stage_duration_seconds_sum{kind="change",stage="compile"} 0.03',
			'kube_lvs_sync_stage_duration_seconds_sum{kind="change",stage="apply"} 0.035',
		])
	})

	it('count what audits find and what they mend', async () => {
		const {observer, read} = start()
		observer.synced(report({kind: 'audit', differences: new Map([['bind-vip', {found: 3, done: 2}]])}))
		const found = await read('kube_lvs_drift_found_total')
		expect(found).to.include('kube_lvs_drift_found_total{operation="bind-vip"} 3')
		expect(found).to.include('kube_lvs_drift_found_total{operation="unbind-vip"} 0')
		const repaired = await read('kube_lvs_drift_repaired_total')
		expect(repaired).to.include('kube_lvs_drift_repaired_total{operation="bind-vip"} 2')
		expect(repaired).to.include('kube_lvs_drift_repaired_total{operation="unbind-vip"} 0')
	})

	it('tell what is so at the moment of the scrape', async () => {
		const ages = new Map([['Service', 2.5]])
		const {read} = start({
			readings: {
				services: () => 7,
				draining: () => 2,
				virtualServers: () => ({ours: 9, foreign: 1}),
				sets: () => [{name: 'KUBE-CLUSTER-IP', members: 16_384, maxElements: 65_536}],
				features: () => [
					['scheduler rr', true],
					['tunnel gue', false],
				],
				watchAges: () => ages,
				version: '1.2.3',
			},
		})
		const lines = [
			'kube_lvs_services 7',
			'kube_lvs_draining_endpoints 2',
			'kube_lvs_virtual_servers 9',
			'kube_lvs_foreign_virtual_servers 1',
			'kube_lvs_set_entries{set="KUBE-CLUSTER-IP"} 16384',
			'kube_lvs_set_fill_ratio{set="KUBE-CLUSTER-IP"} 0.25',
			'kube_lvs_kernel_feature{feature="scheduler rr"} 1',
			'kube_lvs_kernel_feature{feature="tunnel gue"} 0',
			'kube_lvs_watch_age_seconds{kind="Service"} 2.5',
			'kube_lvs_build_info{version="1.2.3"} 1',
		]
		const names = new Set(lines.map(line => /^\w+/.exec(line)?.[0] ?? ''))
		expect((await Promise.all([...names].map(read))).flat()).to.have.members(lines)
		ages.clear()
		expect(await read('kube_lvs_watch_age_seconds')).to.deep.equal([])
	})

	it('count operations by kind and result', async () => {
		const {observer, read} = start()
		const server: Operation = {kind: 'add-virtual-server', server: virtualServer('tcp 10.96.0.10:80')}
		observer.synced(report({done: new Map([['bind-vip', 2]]), failures: [refused(server, 'ENOENT')]}))
		observer.synced(report({done: new Map([['bind-vip', 1]]), failures: [refused(server, 'SKIPPED')]}))
		observer.synced(report({failures: [refused(server, 'ENOENT')]}))
		expect(await read('kube_lvs_operations_total')).to.have.members([
			'kube_lvs_operations_total{operation="bind-vip",result="done"} 3',
			'kube_lvs_operations_total{operation="add-virtual-server",result="failed"} 2',
			'kube_lvs_operations_total{operation="add-virtual-server",result="skipped"} 1',
		])
	})

	it('tell how many annotations are ignored, also that none is', async () => {
		const {observer, read} = start()
		const object = {kind: 'Service', namespace: 'ns', name: 's', uid: ''}
		const problem = (reason: Problem['reason']): Problem => ({object, field: '', reason, message: ''})
		const ignored = async (invalid: number, unknown: number, ignored: number) =>
			expect(await read('kube_lvs_ignored_annotations')).to.have.members([
				`kube_lvs_ignored_annotations{reason="InvalidAnnotation"} ${invalid}`,
				`kube_lvs_ignored_annotations{reason="UnknownAnnotation"} ${unknown}`,
				`kube_lvs_ignored_annotations{reason="AnnotationIgnored"} ${ignored}`,
			])
		await ignored(0, 0, 0)
		observer.problems('ns/s', [problem('UnknownAnnotation'), problem('UnknownAnnotation'), problem('AddressInUse')])
		observer.problems('ns/t', [problem('InvalidAnnotation'), problem('AnnotationIgnored')])
		await ignored(1, 2, 1)
		observer.problems('ns/t', [])
		await ignored(0, 2, 0)
	})

	it("have kube-proxy's names only where they are asked for", async () => {
		const {registry} = start({kubeProxyMetrics: false})
		const names = registry.getMetricsAsArray().map(({name}) => name)
		expect(names).to.include('kube_lvs_sync_duration_seconds')
		expect(names.filter(name => name.startsWith('kubeproxy_'))).to.deep.equal([])
	})
})
