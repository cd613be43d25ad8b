import {expect} from 'chai'
import {type KubernetesObject, service, slice} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'
import {virtualServer} from '../state/build.ts'
import {testRules} from './promtool.ts'
import {RULE_FILE} from './rules.ts'
import {Scrapes} from './scrapes.ts'

interface Trouble {
	readonly name: string
	/** Of `service()` and its slice unless told. */
	readonly objects?: readonly KubernetesObject[]
	readonly before?: (world: World) => void
	/** Every 20 seconds, with the minutes since the start. */
	readonly meanwhile?: (world: World, minutes: number) => void
	/** How long all that goes on. */
	readonly minutes: number
	/** Those that fire at the end, and no others. */
	readonly alerts: readonly string[]
}

const SERVER = 'tcp 10.96.0.10:80'

const FOREVER = Number.POSITIVE_INFINITY

/** A roll-out that never ends. */
const rollOut = (world: World, minutes: number): void =>
	world.change(slice([`10.244.1.${5 + (Math.floor(minutes) % 60)}`]))

const TROUBLES: readonly Trouble[] = [
	{name: 'none, while endpoints change', meanwhile: rollOut, minutes: 70, alerts: []},
	{
		name: 'a kernel that takes no rules from the start',
		before: ({kernel}) => {
			for (const program of ['iptables-nft-restore', 'ip6tables-nft-restore']) {
				kernel.failNext({kind: 'exec', program, exitCode: 4, stderr: 'locked'}, FOREVER)
			}
		},
		meanwhile: rollOut,
		minutes: 30,
		alerts: ['KubeLvsFirstSyncMissing', 'KubeLvsOperationsFailing'],
	},
	{
		name: 'a right that is taken away',
		meanwhile: (world, minutes) => {
			rollOut(world, minutes)
			if (minutes === 5) {
				world.kernel.failNext({kind: 'errno', errno: 'EPERM'}, FOREVER)
			}
		},
		minutes: 40,
		alerts: ['KubeLvsSyncFailing', 'KubeLvsSyncStale'],
	},
	{
		name: 'somebody who deletes a virtual server three times a minute',
		meanwhile: ({kernel}) => void kernel.ipvs.servers.delete(SERVER),
		minutes: 20,
		alerts: ['KubeLvsContested'],
	},
	{
		name: 'somebody who deletes a virtual server now and then',
		meanwhile: ({kernel}, minutes) => void (minutes % 45 === 30 && kernel.ipvs.servers.delete(SERVER)),
		minutes: 125,
		alerts: ['KubeLvsDrift'],
	},
	{
		name: 'changes that arrive late',
		meanwhile: (world, minutes) => {
			const time = new Date(world.clock.wall() - 15_000).toISOString()
			const annotations = {'endpoints.kubernetes.io/last-change-trigger-time': time}
			world.change(slice([`10.244.1.${5 + (Math.floor(minutes) % 2)}`], {annotations}))
		},
		minutes: 30,
		alerts: ['KubeLvsNetworkProgrammingSlow'],
	},
	{
		name: 'virtual servers of others',
		before: ({kernel}) => kernel.ipvs.load(virtualServer('tcp 203.0.113.9:80', {scheduler: 'wrr'})),
		minutes: 70,
		alerts: ['KubeLvsForeignVirtualServers'],
	},
	{
		name: 'an annotation that does not exist',
		objects: [service({}, {annotations: {'kube-lvs.io/schedular': 'rr'}})],
		minutes: 40,
		alerts: ['KubeLvsAnnotationsIgnored'],
	},
	{
		name: 'a scheduler that the kernel does not have',
		before: ({kernel}) => kernel.ipvs.schedulers.delete('mh'),
		objects: [service({}, {annotations: {'kube-lvs.io/scheduler': 'mh'}})],
		minutes: 40,
		alerts: ['KubeLvsAnnotationsIgnored', 'KubeLvsKernelFeatureLacking'],
	},
	{
		name: 'two Services with one address',
		objects: [service(), service({}, {name: 't', creationTimestamp: '2026-01-02T00:00:00Z'})],
		minutes: 40,
		alerts: ['KubeLvsServicesNotServedAsWritten'],
	},
	{
		name: 'source ranges of one family only',
		objects: [
			service(
				{type: 'LoadBalancer', loadBalancerSourceRanges: ['198.51.100.0/24']},
				{ingress: [{ip: '203.0.113.5'}, {ip: '2001:db8:1::5'}]},
			),
		],
		minutes: 20,
		alerts: ['KubeLvsOpenLoadBalancer'],
	},
]

/** What a Prometheus would know of a node with this trouble. */
const scrape = async ({objects = [service()], before, meanwhile, minutes}: Trouble): Promise<Scrapes> => {
	const world = new World({config: {auditInterval: '30s', drainInterval: '5s'}}, undefined)
	const scrapes = new Scrapes(world.clock.wall())
	before?.(world)
	world.given(...objects, slice())
	for (let minute = 0; minute <= minutes; minute++) {
		scrapes.add((await world.telemetry.ask('/metrics')) ?? '')
		for (const third of [0, 1, 2]) {
			meanwhile?.(world, minute + third / 3)
			await world.advance(20_000)
		}
	}
	await world.stop()
	return scrapes
}

/** What promtool has against it that these alerts, and no others, fire after so many minutes. */
const check = ({series}: Scrapes, minutes: number, alerts: readonly string[]): Promise<string> => {
	const promql_expr_test = [
		{
			expr: 'group by (alertname) (ALERTS{alertstate="firing"})',
			eval_time: `${minutes}m`,
			exp_samples: alerts.map(alertname => ({labels: `{alertname="${alertname}"}`, value: 1})),
		},
	]
	const tests = [{interval: '1m', input_series: series, promql_expr_test}]
	return testRules({rule_files: [RULE_FILE], evaluation_interval: '1m', tests})
}

describe('the alerts that fire for the numbers of a node with trouble', () => {
	for (const trouble of TROUBLES) {
		const {name, minutes, alerts} = trouble
		it(`${name}: ${alerts.join(', ') || 'none'}`, async () => {
			expect(await check(await scrape(trouble), minutes, alerts)).to.equal('')
		})
	}
})
