import {readFileSync} from 'node:fs'
import {basename} from 'node:path'
import {expect} from 'chai'
import {parse} from 'yaml'
import {renderChart} from '../../charts/render.ts'
import {createProgram} from '../../src/cli/program.ts'
import {DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {parseConfig} from '../../src/config/parse.ts'
import {answerHealth} from '../../src/observe/health/health-answers.ts'
import {API_SERVERS, EVERYTHING, MONITORED, only, parseObjects} from './parse.ts'
import type {KubernetesObject} from './schemas.ts'

interface Container {
	readonly name: string
	readonly image: string
	readonly imagePullPolicy: string
	readonly args: readonly string[]
	readonly env: readonly {readonly name: string; readonly value?: string}[]
	readonly ports: readonly {readonly name: string; readonly containerPort: number}[]
	readonly volumeMounts: readonly VolumeMount[]
	readonly livenessProbe?: Probe
	readonly readinessProbe?: Probe
	readonly resources?: object
	readonly securityContext: object
}

interface VolumeMount {
	readonly name: string
	readonly mountPath: string
	readonly subPath?: string
	readonly readOnly?: boolean
}

interface Probe {
	readonly httpGet: {readonly path: string; readonly port: string}
	readonly failureThreshold: number
}

interface PodSpec {
	readonly serviceAccountName: string
	readonly priorityClassName: string
	readonly hostNetwork: boolean
	readonly dnsPolicy: string
	readonly enableServiceLinks: boolean
	readonly securityContext: object
	readonly imagePullSecrets?: readonly object[]
	readonly nodeSelector: Readonly<Record<string, string>>
	readonly affinity?: object
	readonly tolerations: readonly object[]
	readonly initContainers: readonly Container[]
	readonly containers: readonly Container[]
	readonly volumes: readonly {readonly name: string; readonly configMap?: {readonly name: string}}[]
}

interface DaemonSet extends KubernetesObject {
	readonly spec: {
		readonly updateStrategy: object
		readonly selector: {readonly matchLabels: object}
		readonly template: {
			readonly metadata: {readonly labels: object; readonly annotations: Readonly<Record<string, string>>}
			readonly spec: PodSpec
		}
	}
}

interface ConfigMap extends KubernetesObject {
	readonly data: {readonly 'config.yaml': string}
}

const render = async (values: object): Promise<readonly KubernetesObject[]> =>
	parseObjects(await renderChart({values: {...API_SERVERS, ...values}, apiVersions: MONITORED}))

const daemonSetWith = async (values: object = {}): Promise<DaemonSet> =>
	only<DaemonSet>(await render(values), 'DaemonSet')

const podWith = async (values: object = {}): Promise<PodSpec> => (await daemonSetWith(values)).spec.template.spec

const mainOf = ({containers}: PodSpec): Container => containers[0] as Container

const configWith = async (values: object): Promise<string> =>
	only<ConfigMap>(await render(values), 'ConfigMap').data['config.yaml']

describe("the chart's DaemonSet", () => {
	it('serves no node before it is told to, and keeps to Linux', async () => {
		const os = {'kubernetes.io/os': 'linux'}
		expect((await podWith()).nodeSelector).to.deep.equal({'kube-lvs.io/serve': 'true', ...os})
		expect((await podWith({nodes: 'all'})).nodeSelector).to.deep.equal(os)
	})

	it('is kept apart from kube-proxy by the patch that the documentation has for it', async () => {
		const text = readFileSync(new URL('../../docs/move-from-kube-proxy.md', import.meta.url), 'utf8')
		const patch = JSON.parse(/patch daemonset kube-proxy --patch '([^']*)'/.exec(text)?.[1] ?? '')
		const {nodeSelectorTerms} =
			patch.spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution
		expect(nodeSelectorTerms).to.deep.equal([
			{matchExpressions: [{key: 'kube-lvs.io/serve', operator: 'DoesNotExist'}]},
		])
		expect((await podWith()).nodeSelector).to.have.property('kube-lvs.io/serve')
	})

	it('is tested by a pod on a node that it serves', async () => {
		for (const values of [{}, EVERYTHING]) {
			const text = await renderChart({values: {...API_SERVERS, ...values}, withTests: true})
			const {spec} = only<KubernetesObject & {readonly spec: PodSpec}>(parseObjects(text), 'Pod')
			const {nodeSelector, affinity, tolerations} = await podWith(values)
			expect(spec).to.deep.include({nodeSelector, tolerations, ...(affinity ? {affinity} : {})})
		}
	})

	it('is on every such node, whatever becomes of it, and is the last to be evicted', async () => {
		const {tolerations, priorityClassName} = await podWith()
		expect(tolerations).to.deep.equal([{operator: 'Exists'}])
		expect(priorityClassName).to.equal('system-node-critical')
	})

	it('is held to the system calls that the container runtime lets every container have', async () => {
		expect((await podWith()).securityContext).to.deep.equal({seccompProfile: {type: 'RuntimeDefault'}})
	})

	it('is updated on a tenth of the nodes at a time', async () => {
		expect((await daemonSetWith()).spec.updateStrategy).to.deep.equal({
			type: 'RollingUpdate',
			rollingUpdate: {maxUnavailable: '10%'},
		})
	})

	it("works in the node's own network, and asks no DNS that it serves itself", async () => {
		const {hostNetwork, dnsPolicy, enableServiceLinks} = await podWith()
		expect({hostNetwork, dnsPolicy, enableServiceLinks}).to.deep.equal({
			hostNetwork: true,
			dnsPolicy: 'Default',
			enableServiceLinks: false,
		})
	})

	it('selects its own pods, and no chart-only label that would restart them', async () => {
		const {selector, template} = (await daemonSetWith()).spec
		expect(template.metadata.labels).to.deep.equal(selector.matchLabels)
	})

	it('has an account with the rights of its role, or the one it is told', async () => {
		expect((await podWith()).serviceAccountName).to.equal('kube-lvs')
		const theirs = await render({serviceAccount: {create: false, name: 'theirs'}})
		expect(theirs.some(({kind}) => kind === 'ServiceAccount')).to.equal(false)
		expect(only<DaemonSet>(theirs, 'DaemonSet').spec.template.spec.serviceAccountName).to.equal('theirs')
		expect(only(theirs, 'ClusterRoleBinding')).to.have.deep.property('subjects', [
			{kind: 'ServiceAccount', name: 'theirs', namespace: 'kube-system'},
		])
	})

	it('mounts what it has, with configurations that exist', async () => {
		for (const values of [{}, EVERYTHING]) {
			const {initContainers, containers, volumes} = await podWith(values)
			const names = volumes.map(({name}) => name)
			const mounted = [...initContainers, ...containers].flatMap(({volumeMounts}) => volumeMounts.map(({name}) => name))
			expect([...new Set(mounted)]).to.have.members(names)
		}
		const volumes = (await podWith(EVERYTHING)).volumes.flatMap(({configMap}) => configMap?.name ?? [])
		expect(volumes).to.deep.equal(['node-proxy', 'kube-proxy'])
	})

	it('starts commands that exist with flags that exist, and lets their own files win', async () => {
		const {commands} = createProgram()
		for (const values of [{}, EVERYTHING]) {
			const {initContainers, containers} = await podWith(values)
			for (const {args} of [...initContainers, ...containers]) {
				const [name, ...flags] = args
				const known = commands.find(command => command.name() === name)?.options.map(({long}) => long)
				expect(known).to.include.members(flags.map(flag => flag.split('=')[0]))
			}
		}
		expect(mainOf(await podWith({kubeProxyConfig: {configMap: 'kube-proxy'}})).args).to.include.members([
			'--kube-proxy-config=/etc/kube-proxy/config.conf',
			'--kubeconfig=',
		])
	})

	it('prepares the node with all rights, by the same configuration, and then serves with two that it cannot add to', async () => {
		for (const values of [{}, EVERYTHING]) {
			const {initContainers, containers} = await podWith(values)
			expect(initContainers.map(({args: [name]}) => name)).to.deep.equal(['doctor'])
			expect(initContainers[0]?.securityContext).to.deep.equal({privileged: true, readOnlyRootFilesystem: true})
			expect(initContainers[0]?.args.slice(2)).to.deep.equal(containers[0]?.args.slice(1))
			expect(initContainers[0]?.image).to.equal(containers[0]?.image)
			expect(containers.map(({securityContext}) => securityContext)).to.deep.equal([
				{
					allowPrivilegeEscalation: false,
					capabilities: {drop: ['ALL'], add: ['NET_ADMIN', 'NET_RAW']},
					readOnlyRootFilesystem: true,
					...('seLinuxOptions' in values ? {seLinuxOptions: values.seLinuxOptions} : {}),
				},
			])
		}
	})

	it('is probed where the health server answers', async () => {
		const {ports, livenessProbe, readinessProbe} = mainOf(await podWith())
		expect(ports).to.deep.equal([{name: 'health', containerPort: DEFAULT_CONFIG.healthzBindAddress?.port}])
		for (const probe of [livenessProbe, readinessProbe]) {
			const {path = '', port} = probe?.httpGet ?? {}
			expect(port).to.equal('health')
			expect(answerHealth(path, {isHealthy: true, families: new Map(), notReady: []}, true, 0)).to.not.equal(undefined)
		}
		const unprobed = mainOf(await podWith({probes: {enabled: false}}))
		expect(unprobed).to.not.have.any.keys('livenessProbe', 'readinessProbe', 'ports')
	})

	it('is replaced when its configuration changes', async () => {
		const hashWith = async (values: object) =>
			(await daemonSetWith(values)).spec.template.metadata.annotations['kube-lvs.io/config-hash']
		const before = await hashWith({})
		expect(await hashWith({podLabels: {a: 'b'}})).to.equal(before)
		expect(await hashWith({config: {scheduler: 'lc'}})).to.not.equal(before)
		expect(await hashWith({apiServers: ['https://192.0.2.11:6443']})).to.not.equal(before)
	})

	it('takes a changed configuration when it is replaced, not on all nodes at once', async () => {
		const {initContainers, containers} = await podWith(EVERYTHING)
		for (const {args, volumeMounts} of [...initContainers, ...containers]) {
			const files = args.flatMap(arg => /^--(?:kube-proxy-)?config=(.*)$/.exec(arg)?.[1] ?? [])
			const mounted = volumeMounts.filter(({name}) => name.endsWith('config'))
			expect(mounted.map(({mountPath}) => mountPath)).to.deep.equal(files)
			expect(mounted.map(({subPath}) => subPath)).to.deep.equal(files.map(file => basename(file)))
		}
	})

	it('takes the image by tag, and by digest', async () => {
		const version = mainOf(await podWith()).image
		expect(version).to.match(/^kube-lvs:\d+\.\d+\.\d+/)
		const {image, imagePullPolicy} = mainOf(await podWith(EVERYTHING))
		expect(image).to.match(/^registry\.example:5000\/kube-lvs:v1@sha256:[0-9a-f]{64}$/)
		expect(imagePullPolicy).to.equal('Always')
	})

	it('follows what operators set', async () => {
		const {metadata, spec} = (await daemonSetWith(EVERYTHING)).spec.template
		expect(metadata.labels).to.include({'example.com/team': 'network', 'app.kubernetes.io/name': 'lvs'})
		expect(metadata.annotations).to.include({'example.com/logs': 'json'})
		expect(spec.imagePullSecrets).to.deep.equal([{name: 'registry'}])
		expect(spec.affinity).to.deep.equal(EVERYTHING.affinity)
		expect(spec.tolerations).to.deep.equal(EVERYTHING.tolerations)
		expect(mainOf(spec).resources).to.deep.equal(EVERYTHING.resources)
		expect(mainOf(spec).env.map(({name}) => name)).to.deep.equal(['NODE_NAME', 'NODE_OPTIONS', 'SECRET'])
		expect(spec.priorityClassName).to.equal('system-cluster-critical')
	})
})

describe("the chart's configuration", () => {
	it('is valid, and names the API servers in the given order', async () => {
		expect(parseConfig(await configWith({}))).to.deep.equal({...DEFAULT_CONFIG, ...API_SERVERS})
		expect(parseConfig(await configWith(EVERYTHING)).apiServers).to.deep.equal(EVERYTHING.apiServers)
	})

	it('serves metrics to others only where a monitor asks, or it says so itself', async () => {
		const metricsWith = async (values: object) => parse(await configWith(values)).metricsBindAddress
		expect(await metricsWith({})).to.equal(undefined)
		expect(await metricsWith({podMonitor: {enabled: true}})).to.equal('0.0.0.0:10249')
		expect(await metricsWith({serviceMonitor: {enabled: true}, metrics: {port: 9100}})).to.equal('0.0.0.0:9100')
		const ipv6 = {config: {bindAddress: '::'}, podMonitor: {enabled: true}}
		expect(await metricsWith(ipv6)).to.equal('[::]:10249')
		expect(await metricsWith(EVERYTHING)).to.equal('[::]:11249')
	})
})
