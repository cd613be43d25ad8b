import {expect} from 'chai'
import {annotationName} from '../../src/annotations/fields.ts'
import {annotationPolicies} from '../../src/annotations/policy.ts'
import {readSettings} from '../../src/annotations/read.ts'
import {DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {compileService} from '../../src/desired/service.ts'
import {nodeContext, service, servicePort, slice} from '../model/build.ts'
import {address} from '../state/build.ts'
import {admit} from '../support/admission.ts'
import {TABLES, valuesOf} from './values.ts'

const SLICES = [
	slice('a', ['10.244.1.5', '10.244.2.5'], {
		ports: [
			{name: 'p', protocol: 'tcp', port: 80},
			{name: 'u', protocol: 'udp', port: 53},
		],
	}),
	slice('b', ['fd00:244:1::5'], {family: 'ipv6'}),
]

/** What becomes of a Service of several ports, families and kinds of address. */
const compile = (annotations: ReadonlyMap<string, string>) =>
	compileService(
		service({
			type: 'LoadBalancer',
			clusterIPs: [address('10.96.0.10'), address('fd00:96::a')],
			loadBalancerIPs: [address('203.0.113.5')],
			ports: [servicePort({nodePort: 30_080}), servicePort({name: 'u', protocol: 'udp', port: 53, nodePort: 30_053})],
			annotations,
		}),
		SLICES,
		nodeContext(),
		DEFAULT_CONFIG,
	)

const shorten = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}...` : text)

const title = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)

const policyOf = (kind: string) => {
	const resource = `${kind.toLowerCase()}s`
	const policy = annotationPolicies().find(({name}) => name.endsWith(`-${resource}`))
	return policy ?? expect.fail(`no policy for ${kind}`)
}

for (const {kind, annotations, values} of TABLES) {
	describe(`the values of the annotations of a ${kind}`, () => {
		it('are in a table: valid ones, boundaries and invalid ones of each', () => {
			expect(Object.keys(values)).to.have.members(Object.keys(annotations))
			for (const setting of Object.keys(annotations)) {
				const {valid, boundary, invalid} = valuesOf(values, setting)
				expect(Math.min(valid.length, boundary.length, invalid.length), setting).to.be.above(0)
			}
		})

		for (const [setting, {form, example}] of Object.entries(annotations)) {
			const {valid, boundary, invalid} = valuesOf(values, setting)
			const name = annotationName(setting)
			const read = (text: string) =>
				readSettings(annotations, new Map([[name, text]]), {kind, namespace: 'ns', name: 's', uid: ''})
			const ask = (text: string) =>
				admit(policyOf(kind), {
					metadata: {annotations: {[name]: text}},
					spec: {sessionAffinity: 'ClientIP'},
				}).filter(message => !message.includes(' needs '))

			it(`${name} may be any of ${valid.length + boundary.length}, here and at the API server`, () => {
				for (const text of [...valid, ...boundary, example]) {
					expect(read(text).problems, title(text)).to.deep.equal([])
					expect(read(text).settings, title(text)).to.have.property(setting)
					expect(ask(text), title(text)).to.deep.equal([])
				}
			})

			it(`${name} may be none of ${invalid.length}, which is said with the value and what is allowed`, () => {
				for (const text of invalid) {
					const message = `${JSON.stringify(shorten(text))} is not allowed: expected ${form.allowed}; the default stands`
					expect(read(text), title(text)).to.deep.equal({
						settings: {},
						problems: [
							{
								object: {kind, namespace: 'ns', name: 's', uid: ''},
								field: `metadata.annotations[${name}]`,
								reason: 'InvalidAnnotation',
								message,
							},
						],
					})
				}
			})

			it(`${name} with one of them is refused by the API server, which says the same`, () => {
				for (const text of invalid) {
					const shown = shorten(text).replaceAll('\n', ' ')
					expect(ask(text), title(text)).to.deep.equal([`${name}: "${shown}" is not allowed: expected ${form.allowed}`])
				}
			})
		}
	})
}

describe('a wrong annotation of a Service', () => {
	const untouched = compile(new Map())

	for (const [setting, {invalid}] of Object.entries(TABLES[0].values)) {
		it(`leaves the Service as it is without it: ${annotationName(setting)}`, () => {
			for (const text of invalid) {
				const compiled = compile(new Map([[annotationName(setting), text]]))
				expect(compiled.state, title(text)).to.deep.equal(untouched.state)
				expect(compiled.problems, title(text)).to.have.length(untouched.problems.length + 1)
			}
		})
	}
})
