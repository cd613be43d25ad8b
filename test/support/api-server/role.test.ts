import {expect} from 'chai'
import {attributesOf} from './request-attributes.ts'
import {formatRight, type PolicyRule, readRole, refuse, rightsOf} from './role.ts'

const REQUESTS = [
	['GET', '/api/v1/services', 'list services'],
	['GET', '/api/v1/services?watch=true', 'watch services'],
	['GET', '/api/v1/namespaces/a/services', 'list services'],
	['GET', '/api/v1/namespaces', 'list namespaces'],
	['GET', '/api/v1/namespaces/a', 'get namespaces'],
	['GET', '/api/v1/nodes/n1', 'get nodes'],
	['PATCH', '/api/v1/nodes/n1/status', 'patch nodes/status'],
	['PUT', '/api/v1/nodes/n1', 'update nodes'],
	['DELETE', '/api/v1/nodes/n1', 'delete nodes'],
	['DELETE', '/api/v1/nodes', 'deletecollection nodes'],
	['POST', '/apis/events.k8s.io/v1/namespaces/a/events', 'create events.events.k8s.io'],
	['GET', '/version', 'get /version'],
	['GET', '/apis/discovery.k8s.io/v1', 'get /apis/discovery.k8s.io/v1'],
] as const

describe('what a request asks of an authorizer', () => {
	for (const [method, url, right] of REQUESTS) {
		it(`of ${method} ${url} is ${right}`, () => {
			expect(formatRight(attributesOf({method, url}))).to.equal(right)
		})
	}

	it('has the name of a selected object', () => {
		const url = '/api/v1/nodes?watch=1&fieldSelector=spec.x%21%3Dy%2Cmetadata.name%3Dn1'
		expect(attributesOf({method: 'GET', url})).to.include({verb: 'watch', name: 'n1', namespace: undefined})
	})
})

const manifests = (rules: readonly PolicyRule[], kind = 'ClusterRole'): string =>
	[
		{kind: 'ServiceAccount', metadata: {name: 'a', namespace: 'ns'}},
		{kind, metadata: {name: 'r', namespace: 'ns'}, rules},
		{kind, metadata: {name: 'other', namespace: 'ns'}, rules: [{verbs: ['*'], apiGroups: ['*'], resources: ['*']}]},
		{
			kind: `${kind}Binding`,
			metadata: {name: 'b', namespace: 'ns'},
			roleRef: {kind, name: 'r'},
			subjects: [{kind: 'ServiceAccount', name: 'a', namespace: 'ns'}],
		},
		{kind: 'DaemonSet', metadata: {name: 'd', namespace: 'ns'}, spec: {template: {spec: {serviceAccountName: 'a'}}}},
	]
		.map(manifest => `---\n${JSON.stringify(manifest)}\n`)
		.join('')

const LIST_NODES = {verbs: ['list'], apiGroups: [''], resources: ['nodes']} as const

const DECISIONS: readonly (readonly [rule: PolicyRule, method: string, url: string, isAllowed: boolean])[] = [
	[LIST_NODES, 'GET', '/api/v1/nodes', true],
	[LIST_NODES, 'GET', '/api/v1/nodes?watch=true', false],
	[LIST_NODES, 'GET', '/api/v1/nodes/n1', false],
	[LIST_NODES, 'GET', '/apis/metrics.k8s.io/v1/nodes', false],
	[{...LIST_NODES, verbs: ['*']}, 'DELETE', '/api/v1/nodes/n1', true],
	[{...LIST_NODES, verbs: ['*']}, 'PATCH', '/api/v1/nodes/n1/status', false],
	[{...LIST_NODES, verbs: ['*'], resources: ['*/status']}, 'PATCH', '/api/v1/nodes/n1/status', true],
	[{...LIST_NODES, resourceNames: ['n1']}, 'GET', '/api/v1/nodes', false],
	[{...LIST_NODES, resourceNames: ['n1']}, 'GET', '/api/v1/nodes?fieldSelector=metadata.name%3Dn1', true],
	[{...LIST_NODES, resourceNames: ['n1']}, 'GET', '/api/v1/nodes?fieldSelector=metadata.name%3Dn2', false],
	[{verbs: ['get'], nonResourceURLs: ['/healthz/*']}, 'GET', '/healthz/ping', true],
	[{verbs: ['get'], nonResourceURLs: ['/healthz/*']}, 'GET', '/version', false],
]

describe('a role', () => {
	for (const [rule, method, url, isAllowed] of DECISIONS) {
		it(`with ${JSON.stringify(rule)} ${isAllowed ? 'allows' : 'refuses'} ${method} ${url}`, () => {
			expect(refuse(readRole(manifests([rule])), attributesOf({method, url})) === undefined).to.equal(isAllowed)
		})
	}

	it('of one namespace holds there alone', () => {
		const role = readRole(manifests([LIST_NODES], 'Role'))
		expect(refuse(role, attributesOf({method: 'GET', url: '/api/v1/namespaces/ns/nodes'}))).to.equal(undefined)
		expect(refuse(role, attributesOf({method: 'GET', url: '/api/v1/namespaces/x/nodes'}))).to.be.a('string')
		expect(refuse(role, attributesOf({method: 'GET', url: '/api/v1/nodes'}))).to.be.a('string')
		expect(rightsOf(role)).to.deep.equal(['list nodes in ns'])
	})

	it('refuses in the words of an API server', () => {
		const role = readRole(manifests([]))
		const user = 'User "system:serviceaccount:ns:a"'
		const says = (method: string, url: string) => refuse(role, attributesOf({method, url}))
		expect(says('GET', '/api/v1/nodes/n1')).to.equal(
			`nodes "n1" is forbidden: ${user} cannot get resource "nodes" in API group "" at the cluster scope`,
		)
		expect(says('POST', '/apis/events.k8s.io/v1/namespaces/x/events')).to.equal(
			`events.events.k8s.io is forbidden: ${user} cannot create resource "events" in API group "events.k8s.io" in the namespace "x"`,
		)
		expect(says('GET', '/version')).to.equal(`forbidden: ${user} cannot get path "/version"`)
	})

	it('is told right by right', () => {
		const rules = [
			{verbs: ['list', 'watch'], apiGroups: ['', 'a.io'], resources: ['x']},
			{verbs: ['get'], nonResourceURLs: ['/version']},
			{verbs: ['get'], apiGroups: [''], resources: ['y'], resourceNames: ['n']},
		]
		expect(rightsOf(readRole(manifests(rules)))).to.deep.equal([
			...['list x', 'list x.a.io', 'watch x', 'watch x.a.io', 'get /version', 'get y named n'],
		])
	})

	it('needs a DaemonSet with an account', () => {
		expect(() => readRole('kind: ServiceAccount\nmetadata: {name: a}\n')).to.throw('no DaemonSet')
	})
})
