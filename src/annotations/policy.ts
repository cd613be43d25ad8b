import {textOf} from './cel-conditions.ts'
import {COMBINATIONS, type Combination} from './combinations.ts'
import {
	ANNOTATION_PREFIX,
	type AnnotationTable,
	annotationName,
	ENDPOINT_SLICE_ANNOTATIONS,
	NODE_ANNOTATIONS,
	SERVICE_ANNOTATIONS,
} from './fields.ts'
import {celText} from './form.ts'
import {changed, isHandMade} from './policy-conditions.ts'

/** The spec of a ValidatingAdmissionPolicy (admissionregistration.k8s.io/v1), as far as it is used here. */
export interface AdmissionPolicy {
	readonly name: string
	readonly spec: {
		readonly failurePolicy: 'Fail'
		readonly matchConstraints: {readonly resourceRules: readonly object[]}
		readonly matchConditions: readonly Named[]
		readonly variables: readonly Named[]
		readonly validations: readonly Validation[]
	}
}

interface Named {
	readonly name: string
	readonly expression: string
}

interface Validation {
	readonly expression: string
	readonly message: string
	readonly messageExpression: string
}

interface Kind {
	readonly kind: 'Service' | 'Node' | 'EndpointSlice'
	readonly resource: string
	readonly apiGroup: string
	readonly table: AnnotationTable
	readonly combinations: readonly Combination[]
	readonly conditions: readonly Named[]
}

const KINDS: readonly Kind[] = [
	{
		kind: 'Service',
		resource: 'services',
		apiGroup: '',
		table: SERVICE_ANNOTATIONS,
		combinations: COMBINATIONS,
		conditions: [],
	},
	{kind: 'Node', resource: 'nodes', apiGroup: '', table: NODE_ANNOTATIONS, combinations: [], conditions: []},
	{
		kind: 'EndpointSlice',
		resource: 'endpointslices',
		apiGroup: 'discovery.k8s.io',
		table: ENDPOINT_SLICE_ANNOTATIONS,
		combinations: [],
		conditions: [{name: 'hand-made', expression: isHandMade}],
	},
]

/**
 * One policy for each kind of object: the API server refuses what would be ignored here. An object that has none of our
 * annotations, or whose annotations stay as they are, is not looked at: nobody is kept from touching an old object.
 */
export const annotationPolicies = (): readonly AdmissionPolicy[] => KINDS.map(policyOf)

const policyOf = (kind: Kind): AdmissionPolicy => ({
	name: `kube-lvs-annotations-of-${kind.resource}`,
	spec: {
		failurePolicy: 'Fail',
		matchConstraints: {
			resourceRules: [
				{
					apiGroups: [kind.apiGroup],
					apiVersions: ['v1'],
					operations: ['CREATE', 'UPDATE'],
					resources: [kind.resource],
				},
			],
		},
		matchConditions: [{name: 'changed', expression: changed(kind.kind)}, ...kind.conditions],
		variables: variablesOf(kind.table),
		validations: [
			...Object.entries(kind.table).map(([setting, {form}]) => validationOf(setting, form.allowed)),
			...kind.combinations.map(combinationCheck),
			unknownCheck(kind),
		],
	},
})

const isAllowed = (setting: string): string => `${setting}IsAllowed`

/** They are evaluated when they are asked for, once. */
const variablesOf = (table: AnnotationTable): readonly Named[] => {
	const settings = Object.entries(table)
	const names = settings.map(([setting]) => `variables.${isAllowed(setting)}`)
	return [
		{name: 'annotations', expression: 'has(object.metadata.annotations) ? object.metadata.annotations : {}'},
		...settings.map(([setting, {form}]) => ({
			name: isAllowed(setting),
			expression: `!('${annotationName(setting)}' in variables.annotations) || (${form.cel(textOf(setting))})`,
		})),
		{name: 'allAreAllowed', expression: names.join(' && ')},
	]
}

const validationOf = (setting: string, allowed: string): Validation => ({
	expression: `variables.${isAllowed(setting)}`,
	message: `${annotationName(setting)}: expected ${allowed}`,
	messageExpression: `${quoted(setting)} + ${celText(` is not allowed: expected ${allowed}`)}`,
})

/** Looks at values that are allowed alone, so that no conversion fails. */
const combinationCheck = ({setting, needs, cel}: Combination): Validation => ({
	expression: `!variables.allAreAllowed || ${cel}`,
	message: `${annotationName(setting)} needs ${needs}`,
	messageExpression: `${quoted(setting)} + ${celText(` needs ${needs}`)}`,
})

const unknownCheck = ({kind, table}: Kind): Validation => {
	const known = Object.keys(table).map(setting => celText(annotationName(setting)))
	const isUnknown = `name.startsWith('${ANNOTATION_PREFIX}') && !(name in [${known.join(', ')}])`
	const text = `${kind}s have no such annotation`
	return {
		expression: `!variables.annotations.exists(name, ${isUnknown})`,
		message: `${ANNOTATION_PREFIX}: ${text}`,
		messageExpression: `variables.annotations.filter(name, ${isUnknown})[0] + ': ${text}'`,
	}
}

/** The start of a message; one with a line break or of more than 5 KiB would not be shown. */
const quoted = (setting: string): string => {
	const text = textOf(setting)
	const short = `string(size(${text}) > 100 ? ${text}.substring(0, 100) + '...' : ${text}).replace('\\n', ' ')`
	return `'${annotationName(setting)}: "' + ${short} + '"'`
}
