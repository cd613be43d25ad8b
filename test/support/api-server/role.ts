import {parseAllDocuments} from 'yaml'
import type {RequestAttributes, ResourceAttributes} from './request-attributes.ts'

/** rbac.authorization.k8s.io/v1 PolicyRule */
export interface PolicyRule {
	readonly verbs: readonly string[]
	readonly apiGroups?: readonly string[]
	readonly resources?: readonly string[]
	readonly resourceNames?: readonly string[]
	readonly nonResourceURLs?: readonly string[]
}

/** All that is granted to one user. */
export interface Role {
	/** `system:serviceaccount:kube-system:kube-lvs` */
	readonly user: string
	readonly clusterRules: readonly PolicyRule[]
	/** By namespace. */
	readonly rulesIn: Readonly<Record<string, readonly PolicyRule[]>>
}

interface Manifest {
	readonly kind: string
	readonly metadata: {readonly name: string; readonly namespace?: string}
	readonly rules?: readonly PolicyRule[]
	readonly roleRef?: {readonly kind: string; readonly name: string}
	readonly subjects?: readonly {readonly kind: string; readonly name: string; readonly namespace?: string}[]
	readonly spec?: {readonly template?: {readonly spec?: {readonly serviceAccountName?: string}}}
}

/** What manifests grant to the service account that their DaemonSet runs as. Throws when there is no such account. */
export const readRole = (yaml: string): Role => {
	const manifests = parseAllDocuments(yaml).flatMap(document => (document.toJS() as Manifest | null) ?? [])
	const daemonSet = manifests.find(({kind}) => kind === 'DaemonSet')
	const account = daemonSet?.spec?.template?.spec?.serviceAccountName
	const namespace = daemonSet?.metadata.namespace
	const isAccount = ({kind, metadata}: Manifest) =>
		kind === 'ServiceAccount' && metadata.name === account && metadata.namespace === namespace
	if (account === undefined || !manifests.some(isAccount)) {
		throw new Error('no DaemonSet with a service account')
	}
	const bindings = manifests.filter(({subjects = []}) =>
		subjects.some(found => found.kind === 'ServiceAccount' && found.name === account && found.namespace === namespace),
	)
	const rulesOf = ({roleRef, metadata}: Manifest): readonly PolicyRule[] =>
		manifests
			.filter(({kind}) => kind === roleRef?.kind)
			.filter(role => role.metadata.name === roleRef?.name)
			.filter(role => role.kind === 'ClusterRole' || role.metadata.namespace === metadata.namespace)
			.flatMap(({rules = []}) => rules)
	const clusterRules = bindings.filter(({kind}) => kind === 'ClusterRoleBinding').flatMap(rulesOf)
	const inNamespaces = bindings.filter(({kind}) => kind === 'RoleBinding')
	const rulesIn: Record<string, readonly PolicyRule[]> = {}
	for (const binding of inNamespaces) {
		const where = binding.metadata.namespace ?? 'default'
		rulesIn[where] = [...(rulesIn[where] ?? []), ...rulesOf(binding)]
	}
	return {user: `system:serviceaccount:${namespace}:${account}`, clusterRules, rulesIn}
}

/** The message of an API server that refuses; undefined where the role allows it. */
export const refuse = ({user, clusterRules, rulesIn}: Role, request: RequestAttributes): string | undefined => {
	if ('path' in request) {
		const isAllowed = clusterRules.some(rule => allowsPath(rule, request.path) && has(rule.verbs, request.verb))
		return isAllowed ? undefined : `forbidden: User "${user}" cannot ${request.verb} path "${request.path}"`
	}
	const {verb, group, resource, namespace, name} = request
	const rules = [...clusterRules, ...(namespace === undefined ? [] : (rulesIn[namespace] ?? []))]
	if (rules.some(rule => allowsResource(rule, request))) {
		return undefined
	}
	const object = `${qualified(request)}${name === undefined ? '' : ` "${name}"`}`
	const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`
	return `${object} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`
}

/** One right in words: `list endpointslices.discovery.k8s.io`, `get /version`. */
export const formatRight = (request: RequestAttributes): string =>
	`${request.verb} ${'path' in request ? request.path : qualified(request)}`

/** Every right of a role in these words; one that holds for certain names or in one namespace only says so. */
export const rightsOf = ({clusterRules, rulesIn}: Role): readonly string[] => [
	...clusterRules.flatMap(rule => rightsIn(rule, '')),
	...Object.entries(rulesIn).flatMap(([namespace, rules]) => rules.flatMap(rule => rightsIn(rule, ` in ${namespace}`))),
]

const rightsIn = ({verbs, apiGroups = [], resources = [], ...rule}: PolicyRule, where: string): readonly string[] => {
	const {resourceNames: names = [], nonResourceURLs = []} = rule
	const objects = apiGroups.flatMap(group => resources.map(resource => qualified({group, resource})))
	const only = names.length > 0 ? ` named ${names.join(', ')}` : ''
	return verbs.flatMap(verb => [
		...objects.map(object => `${verb} ${object}${only}${where}`),
		...nonResourceURLs.map(path => `${verb} ${path}`),
	])
}

/** `nodes`, `endpointslices.discovery.k8s.io` */
const qualified = ({group, resource}: Pick<ResourceAttributes, 'group' | 'resource'>): string =>
	group === '' ? resource : `${resource}.${group}`

const has = (list: readonly string[] = [], item: string): boolean => list.includes('*') || list.includes(item)

/** As k8s.io/component-helpers auth/rbac/validation evaluates a rule. */
const allowsResource = (rule: PolicyRule, {verb, group, resource, name}: ResourceAttributes): boolean => {
	const {resourceNames: names = []} = rule
	const [, subresource] = resource.split('/')
	const hasResource =
		has(rule.resources, resource) || (subresource !== undefined && (rule.resources ?? []).includes(`*/${subresource}`))
	const hasName = names.length === 0 || (name !== undefined && names.includes(name))
	return has(rule.verbs, verb) && has(rule.apiGroups, group) && hasResource && hasName
}

const allowsPath = ({nonResourceURLs = []}: PolicyRule, path: string): boolean =>
	nonResourceURLs.some(url => url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))))
