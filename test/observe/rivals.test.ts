import {expect} from 'chai'
import {pino} from 'pino'
import {Registry} from 'prom-client'
import type {LiveKubeProxy} from '../../src/observe/find-kube-proxy.ts'
import {createMetrics} from '../../src/observe/metrics/metrics.ts'
import type {SyncKind} from '../../src/observe/observer.ts'
import {Rivals} from '../../src/observe/rivals.ts'
import type {Operation} from '../../src/plan/operation.ts'
import {NO_READINGS} from './metrics/readings.ts'

const RULES: Operation = {kind: 'restore-rules', ruleset: {family: 'ipv4', chains: [], jumps: []}, missing: []}
const DEVICE: Operation = {kind: 'create-device'}

const watch = () => {
	const lines: string[] = []
	const log = pino(
		{},
		{
			write: (line: string) => {
				const {level, msg} = JSON.parse(line)
				lines.push(`${pino.levels.labels[level]} ${msg}`)
			},
		},
	)
	const registry = new Registry()
	const metrics = createMetrics(registry, () => NO_READINGS, {kubeProxyMetrics: true})
	const node: {kubeProxy?: LiveKubeProxy | undefined} = {}
	const rivals = new Rivals({log, metrics, find: async () => node.kubeProxy})
	const sync = (kind: SyncKind, operations: readonly Operation[], error?: Error) => {
		rivals.observer.applied(kind, error ? [] : operations)
		const failures = error ? operations.map(operation => ({operation, error})) : []
		rivals.observer.synced({kind, milliseconds: 1, services: 1, done: new Map(), failures})
	}
	const metric = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values[0]?.value
	return {rivals, lines, node, sync, metric}
}

describe('a rival', () => {
	it('that is a kube-proxy is said once for as long as it lives, and once when it is gone', async () => {
		const {rivals, lines, node, metric} = watch()
		await rivals.look()
		expect(lines).to.deep.equal([])
		expect(rivals.warnings).to.deep.equal([])
		node.kubeProxy = {where: '127.0.0.1:10249', mode: 'ipvs'}
		await rivals.look()
		await rivals.look()
		expect(lines).to.have.lengthOf(1)
		expect(lines[0]).to.match(/^error a kube-proxy in mode ipvs runs on this node/)
		expect(rivals.warnings).to.have.lengthOf(1)
		expect(await metric('kube_lvs_kube_proxy_alive')).to.equal(1)
		node.kubeProxy = undefined
		await rivals.look()
		expect(lines.slice(1)).to.deep.equal(['info no kube-proxy answers on this node any more'])
		expect(rivals.warnings).to.deep.equal([])
		expect(await metric('kube_lvs_kube_proxy_alive')).to.equal(0)
	})

	it('is looked for at the first sync and each audit, not at each change', async () => {
		const {lines, node, sync} = watch()
		node.kubeProxy = {where: '127.0.0.1:10249', mode: 'ipvs'}
		sync('change', [])
		await new Promise(setImmediate)
		expect(lines).to.have.lengthOf(0)
		sync('first', [])
		await new Promise(setImmediate)
		expect(lines).to.have.lengthOf(1)
	})

	it('of whatever name is known by what has to be repaired at three audits on end', async () => {
		const {rivals, lines, sync, metric} = watch()
		sync('first', [RULES])
		sync('audit', [RULES, DEVICE])
		sync('audit', [RULES])
		sync('change', [])
		expect(lines).to.deep.equal([])
		sync('audit', [RULES, DEVICE])
		expect(lines).to.deep.equal([
			'error somebody undoes what kube-lvs does, between any two audits: restore-rules ipv4',
		])
		expect(rivals.warnings).to.have.lengthOf(1)
		expect(await metric('kube_lvs_contested')).to.equal(1)
		sync('audit', [RULES, DEVICE])
		sync('audit', [RULES, DEVICE])
		expect(lines).to.have.lengthOf(1)
		expect(await metric('kube_lvs_contested')).to.equal(2)
		sync('audit', [])
		expect(lines.slice(1)).to.deep.equal(['info nobody undoes what kube-lvs does any more'])
		expect(rivals.warnings).to.deep.equal([])
	})

	it('is not what the kernel refuses each time', () => {
		const {lines, sync} = watch()
		for (let audit = 0; audit < 5; audit++) {
			sync('audit', [RULES], new Error('no'))
		}
		expect(lines).to.deep.equal([])
	})
})
