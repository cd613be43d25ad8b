import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {parseAllDocuments} from 'yaml'
import {parseConfig} from '../../src/config/parse.ts'
import {eventPath} from '../../src/kubernetes/render-event.ts'
import {ENDPOINT_SLICES, NODES, SERVICE_CIDRS, SERVICES} from '../../src/kubernetes/resource.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

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
		readonly template: {readonly spec: {readonly serviceAccountName: string}}
	}
}

const MANIFESTS = parseAllDocuments(read('manifests/kube-lvs.yaml')).map(document => document.toJS() as Manifest)

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
		expect(parseConfig(data['config.yaml'] ?? '')).to.deep.include({apiServers: ['https://API_SERVER:6443']})
	})
})
