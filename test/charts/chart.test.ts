import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {execa} from 'execa'
import {parse, stringify} from 'yaml'
import {renderSchema} from '../../charts/generate-schema.ts'
import {CHART, renderChart} from '../../charts/render.ts'
import {findTool} from '../../charts/tools.ts'
import {renderManifest} from '../../manifests/generate.ts'
import packageJson from '../../package.json' with {type: 'json'}
import {API_SERVERS, EVERYTHING} from './parse.ts'

type Data = Readonly<Record<string, unknown>>

const read = (path: string): string => readFileSync(`${CHART}/${path}`, 'utf8')

/** What Helm says against these values; undefined when nothing. */
const refusalOf = (values: Data): Promise<string | undefined> =>
	renderChart({values: {...API_SERVERS, ...values}}).then(
		() => undefined,
		error => String(error.stderr),
	)

/** As `helm install` prints them. */
const notesOf = async (values: Data): Promise<string> => {
	const flags = ['--dry-run=client', '--namespace', 'kube-system', '--values', '-']
	const {stdout} = await execa(await findTool('helm'), ['install', 'kube-lvs', CHART, ...flags], {
		input: stringify(values),
	})
	return stdout.slice(stdout.indexOf('\nNOTES:'))
}

describe('the chart', () => {
	it('has the version of the program', () => {
		const {version} = packageJson
		expect(parse(read('Chart.yaml'))).to.include({version, appVersion: version})
	})

	for (const [title, values] of [
		['default values', {}],
		['everything on', EVERYTHING],
	] as const) {
		it(`passes helm lint with ${title}`, async () => {
			const lint = await execa(await findTool('helm'), ['lint', '--strict', CHART, '--values', '-'], {
				input: stringify(values),
				reject: false,
			})
			expect(lint.exitCode, lint.stdout + lint.stderr).to.equal(0)
		})
	}

	it('is not installed before it is told where the API servers are', async () => {
		const error = await renderChart().catch(error => error)
		expect(error.stderr).to.include('apiServers: say where the nodes reach the API servers')
	})

	it('gives the plain manifest; otherwise run node manifests/generate.ts', async () => {
		const manifest = readFileSync(new URL('../../manifests/kube-lvs.yaml', import.meta.url), 'utf8')
		expect(manifest).to.equal(await renderManifest())
	})

	it('knows each field of the configuration; otherwise run node charts/generate-schema.ts and npm run format', () => {
		expect(JSON.parse(read('values.schema.json'))).to.deep.equal(JSON.parse(renderSchema()))
	})

	it('has each value in its schema, and no other', () => {
		const {global: _, ...known} = JSON.parse(read('values.schema.json')).properties
		expect(Object.keys(known)).to.have.members(Object.keys(parse(read('values.yaml'))))
	})

	for (const [values, message] of [
		[{tolerance: []}, /'tolerance' not allowed/],
		[{image: {tags: 'v1'}}, /'tags' not allowed/],
		[{image: {digest: 'v1'}}, /\/image\/digest.*does not match/],
		[{image: {pullPolicy: 'never'}}, /\/image\/pullPolicy/],
		[{apiServers: ['192.0.2.10:6443']}, /\/apiServers\/0/],
		[{apiServers: 'https://192.0.2.10:6443'}, /\/apiServers/],
		[{nodes: 'some'}, /\/nodes/],
		[{config: {auditIntervall: '3s'}}, /'auditIntervall' not allowed/],
		[{config: {scheduler: 'RR'}}, /\/config\/scheduler/],
		[{config: {clusterCIDR: '10.244.0.0/16'}}, /\/config\/clusterCIDR/],
		[{config: {nodeName: 'n1'}}, /\/config\/nodeName/],
		[{config: {apiServers: ['https://a']}}, /\/config\/apiServers/],
		[{kubeProxyConfig: {configmap: 'kube-proxy'}}, /'configmap' not allowed/],
		[{serviceAccount: {annotations: {a: 1}}}, /\/serviceAccount\/annotations\/a/],
		[{podLabels: {a: true}}, /\/podLabels\/a/],
		[{nodeSelector: {a: true}}, /\/nodeSelector\/a/],
		[{tolerations: [{operater: 'Exists'}]}, /'operater' not allowed/],
		[{affinity: {nodeaffinity: {}}}, /'nodeaffinity' not allowed/],
		[{updateStrategy: {rollingUpdate: {maxUnavailable: 'ten'}}}, /\/updateStrategy\/rollingUpdate\/maxUnavailable/],
		[{resources: {request: {}}}, /'request' not allowed/],
		[{extraEnv: [{name: 'NODE_NAME', value: 'other'}]}, /\/extraEnv\/0\/name/],
		[{probes: {liveness: {failureThreshhold: 1}}}, /'failureThreshhold' not allowed/],
		[{metrics: {port: 0}}, /\/metrics\/port/],
		[{podMonitor: {interval: '30 s'}}, /\/podMonitor\/interval/],
		[{serviceMonitor: {enable: true}}, /'enable' not allowed/],
		[{networkPolicy: {metricsFrom: {}}}, /\/networkPolicy\/metricsFrom/],
		[
			{config: {healthzBindAddress: '0.0.0.0:10257'}},
			/config.healthzBindAddress is "0.0.0.0:10257", and probes.port is 10256/,
		],
		[{config: {healthzBindAddress: ''}}, /config.healthzBindAddress is ""/],
		[{config: {healthzBindAddress: '::'}, probes: {port: 10257}}, /config.healthzBindAddress is "::"/],
		[{config: {metricsBindAddress: '[::]:9000'}, podMonitor: {enabled: true}}, /metrics.port is 10249/],
	] as const) {
		it(`refuses ${JSON.stringify(values)}`, async () => {
			expect(await refusalOf(values)).to.match(message)
		})
	}

	it('lets servers listen where they are asked, or are not asked', async () => {
		for (const values of [
			{config: {healthzBindAddress: '::'}},
			{config: {healthzBindAddress: '[::]:10256'}},
			{config: {healthzBindAddress: '192.0.2.1:10257', metricsBindAddress: ''}, probes: {port: 10257}},
			{config: {healthzBindAddress: ''}, probes: {enabled: false}},
			{config: {metricsBindAddress: '[::]:9000'}, serviceMonitor: {enabled: true}, metrics: {port: 9000}},
		]) {
			expect(await refusalOf(values), JSON.stringify(values)).to.equal(undefined)
		}
	})

	it('says after an install which nodes it serves, and how to look at it', async () => {
		const notes = await notesOf(API_SERVERS)
		expect(notes).to.include('kubectl label node NODE kube-lvs.io/serve=true')
		expect(notes).to.include('config.clusterCIDR is not set')
		const all = await notesOf(EVERYTHING)
		expect(all).to.include('daemonset/node-proxy -- kube-lvs status --config /etc/kube-lvs/config.yaml')
		expect(all).to.include('--kube-proxy-config /etc/kube-proxy/kube-proxy.yaml')
		expect(all).to.include('Without the Prometheus operator')
		expect(all).to.not.match(/kubectl label|clusterCIDR is not set/)
	})
})
