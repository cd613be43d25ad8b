import {expect} from 'chai'
import {readServiceSettings} from '../../src/annotations/read.ts'
import {DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {lackingFeatures, withPossibleFeatures} from '../../src/desired/features.ts'
import {compileService} from '../../src/desired/service.ts'
import type {Feature} from '../../src/model/node-context.ts'
import type {Service} from '../../src/model/service.ts'
import {parseVersion} from '../../src/state/node-facts.ts'
import {nodeContext, service, slice} from '../model/build.ts'

type Annotations = Readonly<Record<string, string>>

const annotated = (annotations: Annotations, given: Partial<Service> = {}): Service =>
	service({
		annotations: new Map(Object.entries(annotations).map(([name, text]) => [`kube-lvs.io/${name}`, text])),
		...given,
	})

const SIP = {'persistence-timeout': '60s', 'persistence-engine': 'sip'}
const GUE = {'forwarding-method': 'tunnel', 'tunnel-type': 'gue'}

/** What stands of the annotations, and which are said to be ignored. */
const CASES: readonly (readonly [annotations: Annotations, lacking: readonly Feature[], left: Annotations])[] = [
	[{scheduler: 'twos'}, ['scheduler twos'], {}],
	[{scheduler: 'twos'}, ['scheduler mh', 'engine sip', 'tunnel gue'], {scheduler: 'twos'}],
	[{scheduler: 'mh', 'scheduler-flags': 'mh-port', 'drain-deadline': '1m'}, ['scheduler mh'], {'drain-deadline': '1m'}],
	[SIP, ['engine sip'], {'persistence-timeout': '60s'}],
	[{...SIP, 'one-packet': 'true'}, ['engine sip'], {'persistence-timeout': '60s'}],
	[
		{...SIP, 'one-packet': 'true', 'forwarding-method': 'direct-routing'},
		['engine sip'],
		{
			'persistence-timeout': '60s',
			'one-packet': 'true',
			'forwarding-method': 'direct-routing',
		},
	],
	[{...GUE, 'tunnel-port': '6080', 'tunnel-checksum': 'checksum', 'one-packet': 'true'}, ['tunnel gue'], {}],
	[{...GUE, 'tunnel-port': '6080'}, ['tunnel gre'], {...GUE, 'tunnel-port': '6080'}],
	[{...GUE, 'tunnel-checksum': 'checksum'}, ['tunnel checksum'], GUE],
	[{...GUE, 'tunnel-checksum': 'none'}, ['tunnel checksum'], {...GUE, 'tunnel-checksum': 'none'}],
	[{'forwarding-method': 'tunnel'}, ['tunnel gue', 'tunnel gre', 'tunnel checksum'], {'forwarding-method': 'tunnel'}],
	[{scheduler: 'twos', ...SIP, ...GUE}, ['scheduler twos', 'engine sip', 'tunnel gue'], {'persistence-timeout': '60s'}],
]

describe('features that the kernel of a node lacks', () => {
	for (const [annotations, lacking, left] of CASES) {
		it(`${lacking.join(', ')}: of ${JSON.stringify(annotations)} stands ${JSON.stringify(left)}`, () => {
			const given = annotated(annotations)
			const read = readServiceSettings(given)
			expect(read.problems).to.deep.equal([])
			const {settings, problems} = withPossibleFeatures(
				given,
				read,
				nodeContext({lacking: new Set(lacking)}),
				DEFAULT_CONFIG,
			)
			expect(JSON.parse(JSON.stringify(settings))).to.deep.equal(
				JSON.parse(JSON.stringify(readServiceSettings(annotated(left)).settings)),
			)
			const ignored = Object.keys(annotations).filter(name => !(name in left))
			expect(problems.map(({field}) => field)).to.have.members(
				ignored.map(name => `metadata.annotations[kube-lvs.io/${name}]`),
			)
			expect(problems.every(({reason, isOfNode}) => reason === 'AnnotationIgnored' && isOfNode)).to.equal(true)
		})
	}

	it('are named with what stands instead', () => {
		const {problems} = compileService(
			annotated({scheduler: 'twos'}),
			[slice('a', ['10.244.1.5'])],
			nodeContext({lacking: new Set(['scheduler twos'])}),
			DEFAULT_CONFIG,
		)
		expect(problems).to.deep.equal([
			{
				object: {kind: 'Service', namespace: 'ns', name: 's', uid: ''},
				field: 'metadata.annotations[kube-lvs.io/scheduler]',
				reason: 'AnnotationIgnored',
				message: '"twos" is ignored: the kernel of this node has no scheduler twos (module ip_vs_twos); rr stands',
				isOfNode: true,
			},
		])
	})
})

describe('tunnels of IPVS', () => {
	for (const [version, lacking] of [
		['4.19', ['tunnel gue', 'tunnel gre', 'tunnel checksum']],
		['5.1.21', ['tunnel gue', 'tunnel gre', 'tunnel checksum']],
		['5.2.0', ['tunnel gre', 'tunnel checksum']],
		['5.3', []],
		['6.18.44', []],
		['unknown', ['tunnel gue', 'tunnel gre', 'tunnel checksum']],
	] as const) {
		it(`of Linux ${version} lack ${lacking.join(', ') || 'nothing'}`, () => {
			expect(lackingFeatures({kernelVersion: parseVersion(version), hasPolicyRules: true})).to.deep.equal(lacking)
		})
	}
})

/** `FWM mh`, a line for each virtual server; and the problems. */
const compiled = (given: Service, lacking: readonly Feature[], scheduler = 'rr') => {
	const {state, problems} = compileService(
		given,
		[slice('a', ['10.244.1.5', '10.244.2.5'])],
		nodeContext({lacking: new Set(lacking)}),
		{...DEFAULT_CONFIG, scheduler},
	)
	const servers = (state?.listeners ?? []).map(({state: {server}}) => server)
	return {
		faces: [
			...new Set(
				servers
					.filter(({listen}) => listen.kind === 'firewall-mark')
					.map(({scheduler, flags}) => [scheduler, ...flags].join(' ')),
			),
		],
		problems: problems.map(({field, reason, isOfNode}) => ({field, reason, isOfNode})),
	}
}

describe('schedulers that nobody has named', () => {
	const sticky = service({
		type: 'NodePort',
		ports: [{name: 'p', protocol: 'tcp', port: 80, nodePort: 30_080}],
		affinitySeconds: 600,
		externalTrafficPolicy: 'Local',
	})

	it('are those that fit best where the node has them', () => {
		expect(compiled(sticky, [])).to.deep.equal({faces: ['mh scheduler-1'], problems: []})
	})

	it('follow from weights, and without them weights do not matter', () => {
		const weighted = annotated({weights: '10.244.1.5 3, default 1'})
		const outcome = (lacking: readonly Feature[], scheduler: string) => {
			const {state, problems} = compileService(
				weighted,
				[slice('a', ['10.244.1.5', '10.244.2.5'])],
				nodeContext({lacking: new Set(lacking)}),
				{...DEFAULT_CONFIG, scheduler},
			)
			return [state?.listeners.map(({state: {server}}) => server.scheduler).join(), problems.map(({field}) => field)]
		}
		const ignored = ['metadata.annotations[kube-lvs.io/weights]']
		expect(outcome([], 'rr')).to.deep.equal(['wrr', []])
		expect(outcome(['scheduler wrr'], 'rr')).to.deep.equal(['rr', ignored])
		expect(outcome(['scheduler wlc'], 'lc')).to.deep.equal(['lc', ignored])
	})

	it('give way to another hash of the client', () => {
		expect(compiled(sticky, ['scheduler mh'])).to.deep.equal({faces: ['sh scheduler-1'], problems: []})
	})

	it('give way to the configured one, and it is said what is lost', () => {
		const problems = [{field: 'spec.sessionAffinity', reason: 'NotSupported', isOfNode: true}]
		expect(compiled(sticky, ['scheduler mh', 'scheduler sh'])).to.deep.equal({faces: ['rr'], problems})
		expect(compiled(sticky, ['scheduler mh', 'scheduler sh'], 'wlc')).to.deep.equal({faces: ['wlc'], problems})
	})
})
