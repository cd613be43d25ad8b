import {ANNOTATION_PREFIX} from './fields.ts'

/** Conditions in CEL under which a policy looks at an object at all; they know no variables. */
const annotationsOf = (object: 'object' | 'oldObject'): string =>
	`(has(${object}.metadata.annotations) ? ${object}.metadata.annotations : {})`

const [NEW, OLD] = [annotationsOf('object'), annotationsOf('oldObject')]
const IS_OURS = `name.startsWith('${ANNOTATION_PREFIX}')`

/** An annotation of ours was added or changed; or what others rest on is not as it was. */
export const changed = (kind: string): string => {
	const added = `${NEW}.exists(name, ${IS_OURS} && !(name in ${OLD} && ${OLD}[name] == ${NEW}[name]))`
	const isOther = [
		added,
		`${OLD}.exists(name, ${IS_OURS} && !(name in ${NEW}))`,
		...(kind === 'Service' ? [`${affinityOf('object')} != ${affinityOf('oldObject')}`] : []),
	]
	const isThere = `${NEW}.exists(name, ${IS_OURS})`
	return `${isThere} && (oldObject == null || ${isOther.join(' || ')})`
}

const affinityOf = (object: 'object' | 'oldObject'): string =>
	`(has(${object}.spec.sessionAffinity) ? ${object}.spec.sessionAffinity : '')`

const MANAGER = "object.metadata.labels['endpointslice.kubernetes.io/managed-by']"

/** Controllers of Kubernetes copy annotations into what they make: to refuse that would keep endpoints from changing. */
export const isHandMade =
	`!(has(object.metadata.labels) && 'endpointslice.kubernetes.io/managed-by' in object.metadata.labels && ` +
	`${MANAGER}.endsWith('.k8s.io'))`
