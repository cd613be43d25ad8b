import {expect} from 'chai'
import fc from 'fast-check'
import {annotationName, SERVICE_ANNOTATIONS} from '../../src/annotations/fields.ts'
import {type AdmissionPolicy, annotationPolicies} from '../../src/annotations/policy.ts'
import {readServiceSettings} from '../../src/annotations/read.ts'
import {service} from '../model/build.ts'
import {admit} from '../support/admission.ts'
import {anyValue} from './arbitrary-texts.ts'
import {SERVICE_VALUES, valuesOf} from './values.ts'

const policy = (resource: string): AdmissionPolicy =>
	annotationPolicies().find(({name}) => name.endsWith(`-${resource}`)) ?? expect.fail(`no policy for ${resource}`)

const [SERVICES, NODES, SLICES] = [policy('services'), policy('nodes'), policy('endpointslices')]

type Annotations = Readonly<Record<string, string>>

const object = (annotations?: Annotations, sessionAffinity = 'None') => ({
	metadata: annotations ? {annotations} : {},
	spec: {sessionAffinity},
})

const WRONG = {'kube-lvs.io/scheduler': 'RR'}

describe('the admission policy', () => {
	it('names annotation, value and what is allowed', () => {
		expect(admit(SERVICES, object({'kube-lvs.io/udp-drain': 'yes'}))).to.deep.equal([
			'kube-lvs.io/udp-drain: "yes" is not allowed: expected one of true, false',
		])
		expect(admit(NODES, {metadata: {annotations: {'kube-lvs.io/weight': '65536'}}})).to.deep.equal([
			'kube-lvs.io/weight: "65536" is not allowed: expected an integer from 0 to 65535',
		])
		expect(admit(SERVICES, object({'kube-lvs.io/tunnel-type': 'gue'}))).to.deep.equal([
			'kube-lvs.io/tunnel-type: "gue" needs kube-lvs.io/forwarding-method tunnel',
		])
	})

	it('refuses annotations of ours that do not exist, and no other', () => {
		expect(admit(SERVICES, object({'kube-lvs.io/shceduler': 'rr'}))).to.deep.equal([
			'kube-lvs.io/shceduler: Services have no such annotation',
		])
		expect(admit(NODES, {metadata: {annotations: {'kube-lvs.io/weights': 'default 1'}}})).to.have.length(1)
		expect(admit(SLICES, {metadata: {annotations: {'kube-lvs.io/weight': '1'}}})).to.have.length(1)
		expect(admit(SERVICES, object({'example.com/scheduler': 'RR', 'kube-lvs.io.example.com/a': ''}))).to.deep.equal([])
	})

	it('has nothing to say of an object without annotations', () => {
		for (const each of annotationPolicies()) {
			expect(admit(each, {metadata: {}})).to.deep.equal([])
			expect(admit(each, {metadata: {annotations: {}}})).to.deep.equal([])
			expect(admit(each, {metadata: {}}, {metadata: {annotations: WRONG}})).to.deep.equal([])
		}
	})

	it('lets an object with a wrong annotation be changed otherwise: its finalizers, labels, other annotations', () => {
		expect(admit(SERVICES, object({...WRONG, a: 'b'}), object({...WRONG, a: 'c'}))).to.deep.equal([])
		expect(admit(SERVICES, object(WRONG), object({...WRONG, a: 'c'}))).to.deep.equal([])
	})

	it('looks again at a change that bears on annotations', () => {
		expect(admit(SERVICES, object(WRONG), object())).to.have.length(1)
		expect(admit(SERVICES, object(WRONG), object({'kube-lvs.io/scheduler': 'rr'}))).to.have.length(1)
		expect(admit(SERVICES, object(WRONG), object({...WRONG, 'kube-lvs.io/udp-drain': 'true'}))).to.have.length(1)
		const prefix = {'kube-lvs.io/persistence-prefix-ipv4': '24'}
		expect(admit(SERVICES, object(prefix), object(prefix, 'ClientIP'))).to.have.length(1)
		expect(
			admit(SERVICES, object(prefix), object({...prefix, 'kube-lvs.io/persistence-timeout': '1h'})),
		).to.have.length(1)
	})

	it('lets controllers of Kubernetes write EndpointSlices with annotations that they copied', () => {
		const slice = (manager: string) => ({
			metadata: {
				annotations: {'kube-lvs.io/weights': 'none'},
				labels: {'endpointslice.kubernetes.io/managed-by': manager},
			},
		})
		expect(admit(SLICES, slice('endpointslicemirroring-controller.k8s.io'))).to.deep.equal([])
		expect(admit(SLICES, slice('me'))).to.have.length(1)
		expect(admit(SLICES, {metadata: {annotations: {'kube-lvs.io/weights': 'none'}, labels: {}}})).to.have.length(1)
	})

	it('keeps within what the API server allows an expression to be and to cost', () => {
		let patterns = 0
		for (const {spec} of annotationPolicies()) {
			for (const {expression} of [...spec.variables, ...spec.validations, ...spec.matchConditions]) {
				expect(expression.length, expression).to.be.below(2000)
				for (const [, longest = '', pattern = ''] of expression.matchAll(/<= (\d+) && \S+\.matches\('([^']*)'\)/g)) {
					// Kubernetes: a tenth of the text times a quarter of the pattern; 1,000,000 for an expression.
					expect(Number(longest) * 0.1 * pattern.length * 0.25).to.be.below(100_000)
					patterns += 1
				}
			}
		}
		expect(patterns).to.be.above(5)
	})

	it('agrees with what is read, whatever the annotations are', () => {
		fc.assert(
			fc.property(anyAnnotations, fc.boolean(), (annotations, hasAffinity) => {
				const read = readServiceSettings(
					service({
						annotations: new Map(Object.entries(annotations)),
						affinitySeconds: hasAffinity ? 10_800 : undefined,
					}),
				)
				const refused = admit(SERVICES, object(annotations, hasAffinity ? 'ClientIP' : 'None'))
				expect(refused.length > 0, refused.join()).to.equal(read.problems.length > 0)
			}),
			{numRuns: 200},
		)
	})
})

const anyAnnotations = fc
	.subarray(Object.keys(SERVICE_ANNOTATIONS), {minLength: 1, maxLength: 5})
	.chain(settings =>
		fc.tuple(
			...settings.map(setting =>
				fc.tuple(fc.constant(annotationName(setting)), anyValue(valuesOf(SERVICE_VALUES, setting))),
			),
		),
	)
	.map(entries => Object.fromEntries(entries))
