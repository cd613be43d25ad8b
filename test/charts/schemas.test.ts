import {readFileSync} from 'node:fs'
import {isDeepStrictEqual} from 'node:util'
import {expect} from 'chai'
import {parse} from 'yaml'
import {CHART, renderChart} from '../../charts/render.ts'
import {API_SERVERS, EVERYTHING, MONITORED, parseObjects} from './parse.ts'
import {type KubernetesObject, problemsOf} from './schemas.ts'

const kindsOf = (objects: readonly KubernetesObject[]): readonly string[] => [...new Set(objects.map(({kind}) => kind))]

interface NetworkPolicySpec {
	readonly ingress: readonly {
		/** Without a port: all of them. */
		readonly ports: readonly {readonly protocol?: string; readonly port?: number; readonly endPort?: number}[]
		/** Everybody if not there. */
		readonly from?: readonly object[]
	}[]
}

/** Every value that is no object with fields, by its path. */
const leavesOf = (value: unknown, path: readonly string[] = []): readonly (readonly [string, unknown])[] =>
	typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
		? Object.entries(value).flatMap(([key, field]) => leavesOf(field, [...path, key]))
		: [[path.join(' '), value]]

describe("the chart's objects", () => {
	const names = ['ServiceAccount', 'ConfigMap', 'ClusterRole', 'ClusterRoleBinding', 'DaemonSet']
	const policies = ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']

	it('are as Kubernetes has them, with default values', async () => {
		const objects = parseObjects(await renderChart({values: API_SERVERS}))
		expect(objects.flatMap(problemsOf)).to.deep.equal([])
		expect(kindsOf(objects)).to.have.members([...names, ...policies])
	})

	it('are as Kubernetes and the Prometheus operator have them, with everything on', async () => {
		const objects = parseObjects(await renderChart({values: EVERYTHING, apiVersions: MONITORED, withTests: true}))
		expect(objects.flatMap(problemsOf)).to.deep.equal([])
		const more = ['Pod', 'Service', 'PodMonitor', 'ServiceMonitor', 'PrometheusRule', 'NetworkPolicy']
		expect(kindsOf(objects)).to.include.members([...names, ...policies, ...more])
	})

	it('keep from a node nothing but what asks for metrics', async () => {
		const objects = parseObjects(await renderChart({values: EVERYTHING}))
		const {spec} = objects.find(({kind}) => kind === 'NetworkPolicy') as unknown as {readonly spec: NetworkPolicySpec}
		const isAllowed = (protocol: string, asked: number) =>
			spec.ingress.some(
				({ports, from}) =>
					from === undefined &&
					ports.some(
						({protocol: allowed = 'TCP', port = 1, endPort = port === 1 ? 65_535 : port}) =>
							protocol === allowed && asked >= port && asked <= endPort,
					),
			)
		for (const protocol of ['TCP', 'UDP', 'SCTP']) {
			const refused = [1, 22, 8472, 11_248, 11_249, 11_250, 65_535].filter(port => !isAllowed(protocol, port))
			expect(refused, protocol).to.deep.equal(protocol === 'TCP' ? [11_249] : [])
		}
	})

	it('have no admission policies where the API server could not read them', async () => {
		const objects = parseObjects(await renderChart({values: API_SERVERS, kubeVersion: '1.30.0'}))
		expect(kindsOf(objects)).to.have.members(names)
	})

	it('are each looked at with other values than the default', () => {
		const everything = new Map(leavesOf(EVERYTHING))
		const same = leavesOf(parse(readFileSync(`${CHART}/values.yaml`, 'utf8'))).filter(
			([path, value]) => typeof value !== 'boolean' && isDeepStrictEqual(everything.get(path), value),
		)
		expect(same).to.deep.equal([])
	})

	it('are in the namespace of the release, and carry the labels that Helm users look for', async () => {
		for (const values of [API_SERVERS, EVERYTHING]) {
			for (const {kind, metadata} of parseObjects(await renderChart({values, release: 'edge'}))) {
				const isOfCluster = /^(Cluster|Validating)/.test(kind)
				const isDashboard = metadata.name.endsWith('dashboard')
				const namespace = isDashboard ? 'monitoring' : 'kube-system'
				expect(metadata.namespace, kind).to.equal(isOfCluster ? undefined : namespace)
				expect(metadata.labels, kind).to.include.keys('app.kubernetes.io/name')
			}
		}
	})
})

describe('what looks at objects', () => {
	const policy = (spec: object) => ({
		apiVersion: 'networking.k8s.io/v1',
		kind: 'NetworkPolicy',
		metadata: {name: 'a', labels: {any: 'thing'}},
		spec,
	})

	for (const [title, object, problem] of [
		['finds nothing wrong with a good one', policy({podSelector: {}, ingress: [{ports: [{port: 80}]}]}), undefined],
		['finds a wrong type', policy({podSelector: {}, policyTypes: 'Ingress'}), /policyTypes must be array/],
		['finds what is missing', policy({ingress: [{from: [{ipBlock: {}}]}]}), /required property cidr/],
		['finds a field that does not exist', policy({podSelector: {}, ingres: []}), /spec\.ingres does not exist/],
		[
			'finds one deep within',
			policy({podSelector: {}, ingress: [{ports: [{port: 80, portEnd: 90}]}]}),
			/spec\.ingress\.0\.ports\.0\.portEnd does not exist/,
		],
		['finds a kind without a schema', {...policy({}), kind: 'Network'}, /no schema/],
	] as const) {
		it(title, () => {
			const problems = problemsOf(object)
			if (problem) {
				expect(problems.join('\n')).to.match(problem)
			} else {
				expect(problems).to.deep.equal([])
			}
		})
	}
})
