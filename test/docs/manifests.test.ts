import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {parseAllDocuments} from 'yaml'
import {createProgram} from '../../src/cli/program.ts'
import {DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {parseConfig} from '../../src/config/parse.ts'
import {eventPath} from '../../src/kubernetes/render-event.ts'
import {ENDPOINT_SLICES, NODES, SERVICE_CIDRS, SERVICES} from '../../src/kubernetes/resource.ts'
import {answerHealth} from '../../src/observe/health/health-answers.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

interface Container {
	readonly image: string
	readonly args: readonly string[]
	readonly env: readonly {readonly name: string; readonly value?: string}[]
	readonly volumeMounts: readonly {readonly name: string; readonly mountPath: string}[]
	readonly ports: readonly {readonly name: string; readonly containerPort: number}[]
	readonly livenessProbe: {readonly httpGet: {readonly path: string; readonly port: string}}
	readonly readinessProbe: {readonly httpGet: {readonly path: string; readonly port: string}}
}

interface Subject {
	readonly kind: string
	readonly name: string
	readonly namespace: string
}

interface Manifest {
	readonly kind: string
	readonly metadata: {readonly name: string; readonly namespace?: string}
	readonly data: Readonly<Record<string, string>>
	readonly rules: readonly Readonly<Record<'apiGroups' | 'resources' | 'verbs', readonly string[]>>[]
	readonly roleRef: {readonly kind: string; readonly name: string}
	readonly subjects: readonly Subject[]
	readonly spec: {
		readonly selector: {readonly matchLabels: object}
		readonly template: {
			readonly metadata: {readonly labels: object}
			readonly spec: {
				readonly serviceAccountName: string
				readonly containers: readonly Container[]
				readonly volumes: readonly {readonly name: string; readonly configMap?: {readonly name: string}}[]
			}
		}
	}
}

const TEXT = read('manifests/kube-lvs.yaml')
const MANIFESTS = parseAllDocuments(TEXT).map(document => document.toJS() as Manifest)

const only = (kind: string): Manifest => {
	const found = MANIFESTS.filter(manifest => manifest.kind === kind)
	expect(found, kind).to.have.length(1)
	return found[0] as Manifest
}

/** `/apis/GROUP/VERSION/...RESOURCE` and `/api/VERSION/...RESOURCE`. */
const rightFor = (path: string, verb: string): string => {
	const [root, ...steps] = path.split('/').filter(Boolean)
	return `${verb} ${root === 'apis' ? steps[0] : ''}/${steps.at(-1)}`
}

describe('manifests/kube-lvs.yaml', () => {
	const pod = only('DaemonSet').spec.template.spec
	const container = pod.containers[0] as Container

	it('runs under an account of its own, with the rights of its role', () => {
		const account = only('ServiceAccount')
		const {subjects, roleRef} = only('ClusterRoleBinding')
		const {name, namespace = ''} = account.metadata
		expect(pod.serviceAccountName).to.equal(name)
		expect(only('DaemonSet').metadata.namespace).to.equal(namespace)
		expect(subjects).to.deep.equal([{kind: 'ServiceAccount', name, namespace}])
		expect(roleRef).to.include({kind: 'ClusterRole', name: only('ClusterRole').metadata.name})
	})

	it('has the rights for the requests that are made, and no other', () => {
		const granted = only('ClusterRole').rules.flatMap(({apiGroups, resources, verbs}) =>
			apiGroups.flatMap(group => resources.flatMap(name => verbs.map(verb => `${verb} ${group}/${name}`))),
		)
		const read = [SERVICES, ENDPOINT_SLICES, NODES, SERVICE_CIDRS].flatMap(({path}) => [
			rightFor(path, 'list'),
			rightFor(path, 'watch'),
		])
		const object = {kind: 'Service', namespace: 'default', name: 'web', uid: ''}
		const event = eventPath({object, type: 'Warning', reason: '', action: '', note: ''})
		expect(granted).to.have.members([...read, rightFor(event, 'create')])
	})

	it('has a valid configuration', () => {
		const {data} = only('ConfigMap')
		expect(parseConfig(data['config.yaml'] ?? '')).to.include({nodeName: '', source: '', kubeconfig: ''})
	})

	it('mounts volumes that exist', () => {
		const volumes = pod.volumes.map(({name}) => name)
		expect(container.volumeMounts.map(({name}) => name)).to.have.members(volumes)
		const configMaps = pod.volumes.flatMap(({configMap}) => configMap?.name ?? [])
		expect(configMaps).to.deep.equal([only('ConfigMap').metadata.name])
	})

	it('selects its own pods', () => {
		const {selector, template} = only('DaemonSet').spec
		expect(template.metadata.labels).to.deep.include(selector.matchLabels)
	})

	it('starts a command that exists with flags that exist', () => {
		const [name, ...flags] = container.args
		const command = createProgram().commands.find(known => known.name() === name)
		const known = command?.options.map(({long}) => long)
		expect(known).to.include.members(flags.map(flag => flag.split('=')[0]))
	})

	it('is probed at the health server, at paths that it serves', () => {
		const {ports, livenessProbe, readinessProbe} = container
		const port = DEFAULT_CONFIG.healthzBindAddress?.port
		expect(ports).to.deep.equal([{name: 'health', containerPort: port}])
		for (const {httpGet} of [livenessProbe, readinessProbe]) {
			expect(httpGet.port).to.equal('health')
			expect(answerHealth(httpGet.path, {isHealthy: true, families: new Map(), notReady: []}, true, 0)).to.not.equal(
				undefined,
			)
		}
	})

	it('reaches the API server without the ClusterIP that it programs itself', () => {
		const names = container.env.map(({name}) => name)
		expect(names).to.include.members(['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT'])
	})
})
