import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {parseAllDocuments} from 'yaml'
import {renderManifest, renderPolicies, renderTemplate} from '../../manifests/generate-annotation-policies.ts'
import {annotationPolicies} from '../../src/annotations/policy.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

interface Manifest {
	readonly kind: string
	readonly metadata: {readonly name: string}
	readonly spec: {readonly policyName?: string; readonly validationActions?: readonly string[]}
}

describe('the manifests of the admission policies', () => {
	it('are up to date; otherwise run node manifests/generate-annotation-policies.ts', () => {
		expect(read('manifests/annotation-policies.yaml')).to.equal(renderManifest())
		expect(read('charts/kube-lvs/templates/annotation-policies.yaml')).to.equal(renderTemplate())
	})

	it('say what the policies say, and bind each of them', () => {
		const manifests = parseAllDocuments(renderPolicies()).map(document => document.toJS() as Manifest)
		const policies = manifests.filter(({kind}) => kind === 'ValidatingAdmissionPolicy')
		expect(policies.map(({metadata, spec}) => ({name: metadata.name, spec}))).to.deep.equal(annotationPolicies())
		const bindings = manifests.filter(({kind}) => kind === 'ValidatingAdmissionPolicyBinding')
		expect(bindings.map(({spec}) => spec)).to.deep.equal(
			annotationPolicies().map(({name}) => ({policyName: name, validationActions: ['Deny']})),
		)
	})

	it('have nothing that a template would read', () => {
		expect(renderPolicies()).to.not.match(/\{\{|\}\}/)
	})
})
