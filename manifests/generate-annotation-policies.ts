/** `node manifests/generate-annotation-policies.ts`: writes the admission policies for annotations, and those of the chart. */
import {writeFileSync} from 'node:fs'
import {stringify} from 'yaml'
import {type AdmissionPolicy, annotationPolicies} from '../src/annotations/policy.ts'

const ORIGIN = '# Made by manifests/generate-annotation-policies.ts from src/annotations/; do not edit.\n'

/** Every policy with its binding, as YAML. */
export const renderPolicies = (): string =>
	annotationPolicies()
		.flatMap(policy => [policyOf(policy), bindingOf(policy)])
		.map(object => stringify(object, {lineWidth: 0, singleQuote: true}))
		.join('---\n')

/** The manifest. */
export const renderManifest = (): string =>
	`${ORIGIN}# Kubernetes 1.31 or newer: docs/annotations.md.\n${renderPolicies()}`

/** The template of the chart; older API servers lack functions that the expressions use. */
export const renderTemplate = (): string => `${CONDITION}\n${ORIGIN}${renderPolicies()}{{- end }}\n`

const CONDITION =
	'{{- if and .Values.annotationPolicies.enabled (semverCompare ">=1.31-0" .Capabilities.KubeVersion.Version) }}'

const API_VERSION = 'admissionregistration.k8s.io/v1'
const LABELS = {'app.kubernetes.io/name': 'kube-lvs'}

const policyOf = ({name, spec}: AdmissionPolicy): object => ({
	apiVersion: API_VERSION,
	kind: 'ValidatingAdmissionPolicy',
	metadata: {name, labels: LABELS},
	spec,
})

const bindingOf = ({name}: AdmissionPolicy): object => ({
	apiVersion: API_VERSION,
	kind: 'ValidatingAdmissionPolicyBinding',
	metadata: {name, labels: LABELS},
	spec: {policyName: name, validationActions: ['Deny']},
})

if (import.meta.main) {
	writeFileSync(new URL('annotation-policies.yaml', import.meta.url), renderManifest())
	const template = '../charts/kube-lvs/templates/annotation-policies.yaml'
	writeFileSync(new URL(template, import.meta.url), renderTemplate())
}
