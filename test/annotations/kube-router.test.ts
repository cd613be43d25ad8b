import {expect} from 'chai'
import {ANNOTATION_PREFIX} from '../../src/annotations/fields.ts'
import {KUBE_ROUTER_ANNOTATIONS, kubeRouterName, withKubeRouterAnnotations} from '../../src/annotations/kube-router.ts'
import {readServiceSettings} from '../../src/annotations/read.ts'
import {service} from '../model/build.ts'

type Texts = Readonly<Record<string, string>>

interface Row {
	/** Below `kube-router.io/service.`. */
	readonly says: Texts
	/** Below `kube-lvs.io/`, before and after. */
	readonly own?: Texts
	readonly becomes: Texts
	readonly isLocal?: true
	/** Names of annotations of kube-router, with the reason. */
	readonly problems?: readonly string[]
}

const same = (scheduler: string): Row => ({says: {scheduler}, becomes: {scheduler}})

const ROWS: readonly Row[] = [
	...['rr', 'wrr', 'lc', 'wlc', 'dh', 'sh', 'mh'].map(same),
	...['RR', 'sed', 'nq', 'twos', '', ' rr', 'rr\n', 'maglev'].map(
		(scheduler): Row => ({says: {scheduler}, becomes: {}, problems: ['scheduler InvalidAnnotation']}),
	),
	{says: {scheduler: 'lc'}, own: {scheduler: 'wrr'}, becomes: {scheduler: 'wrr'}},
	{says: {scheduler: 'lc'}, own: {scheduler: 'RR'}, becomes: {scheduler: 'RR'}},
	{
		says: {scheduler: 'mh', schedflags: 'flag-1,flag-2'},
		becomes: {scheduler: 'mh', 'scheduler-flags': 'mh-fallback,mh-port'},
	},
	{
		says: {scheduler: 'mh', schedflags: 'flag-2, flag-1'},
		becomes: {scheduler: 'mh', 'scheduler-flags': 'mh-fallback,mh-port'},
	},
	{says: {scheduler: 'mh', schedflags: 'flag-1'}, becomes: {scheduler: 'mh', 'scheduler-flags': 'mh-fallback'}},
	{says: {scheduler: 'mh', schedflags: 'flag-2,flag-3'}, becomes: {scheduler: 'mh', 'scheduler-flags': 'mh-port'}},
	{says: {scheduler: 'mh', schedflags: 'flag-3'}, becomes: {scheduler: 'mh', 'scheduler-flags': 'none'}},
	{
		says: {scheduler: 'mh', schedflags: 'flag-1'},
		own: {'scheduler-flags': 'mh-port'},
		becomes: {scheduler: 'mh', 'scheduler-flags': 'mh-port'},
	},
	...['', 'flag-4', 'mh-port', 'flag-1;flag-2', 'FLAG-1', '1'].map(
		(schedflags): Row => ({
			says: {scheduler: 'mh', schedflags},
			becomes: {scheduler: 'mh'},
			problems: ['schedflags InvalidAnnotation'],
		}),
	),
	{
		says: {scheduler: 'sh', schedflags: 'flag-1'},
		becomes: {scheduler: 'sh'},
		problems: ['schedflags AnnotationIgnored'],
	},
	{says: {schedflags: 'flag-1'}, becomes: {}, problems: ['schedflags AnnotationIgnored']},
	{
		says: {scheduler: 'mh', schedflags: 'flag-1'},
		own: {scheduler: 'sh'},
		becomes: {scheduler: 'sh'},
		problems: ['schedflags AnnotationIgnored'],
	},
	{says: {dsr: 'tunnel'}, becomes: {'forwarding-method': 'tunnel', 'forwarding-addresses': 'external'}},
	{says: {dsr: 'tunnel'}, own: {'forwarding-method': 'masquerade'}, becomes: {'forwarding-method': 'masquerade'}},
	...['', 'true', 'Tunnel', 'ipip'].map(
		(dsr): Row => ({says: {dsr}, becomes: {}, problems: ['dsr InvalidAnnotation']}),
	),
	...['', 'true', 'false', 'anything'].map(
		(text): Row => ({says: {hairpin: text, 'hairpin.externalips': text}, becomes: {}}),
	),
	{says: {local: 'true'}, becomes: {}, isLocal: true},
	{says: {local: 'false'}, becomes: {}},
	...['', 'True', '1', 'yes'].map(
		(local): Row => ({says: {local}, becomes: {}, problems: ['local InvalidAnnotation']}),
	),
	{says: {'advertise.clusterip': 'true', skiplbips: ''}, becomes: {}},
]

const prefixed = (prefix: string, texts: Texts = {}) =>
	Object.entries(texts).map(([name, text]) => [prefix + name, text] as const)

const given = ({says, own}: Row) =>
	service({annotations: new Map([...prefixed('kube-router.io/service.', says), ...prefixed(ANNOTATION_PREFIX, own)])})

describe("kube-router's annotations", () => {
	for (const row of ROWS) {
		const {says, own, becomes, isLocal, problems = []} = row
		it(`${JSON.stringify(says)}${own ? ` beside ${JSON.stringify(own)}` : ''}`, () => {
			const understood = withKubeRouterAnnotations(given(row))
			const ours = [...understood.annotations].filter(([name]) => name.startsWith(ANNOTATION_PREFIX))
			expect(Object.fromEntries(ours)).to.deep.equal(Object.fromEntries(prefixed(ANNOTATION_PREFIX, becomes)))
			const policy = isLocal ? 'Local' : 'Cluster'
			expect(understood).to.include({internalTrafficPolicy: policy, externalTrafficPolicy: policy})
			expect(understood.problems.map(({field, reason}) => `${field} ${reason}`)).to.deep.equal(
				problems.map(text => {
					const [name, reason] = text.split(' ')
					return `metadata.annotations[kube-router.io/service.${name}] ${reason}`
				}),
			)
		})
	}

	it('are all in the table, allowed and not', () => {
		for (const [key, {form}] of Object.entries(KUBE_ROUTER_ANNOTATIONS)) {
			const outcomes = ROWS.filter(({says}) => key in says).map(({problems = []}) => problems.length === 0)
			expect(new Set(outcomes), key).to.deep.equal(new Set(form ? [true, false] : [true]))
		}
	})

	it('say what is wrong with the value and what is allowed', () => {
		const [problem] = withKubeRouterAnnotations(given({says: {scheduler: 'sed'}, becomes: {}})).problems
		expect(problem?.message).to.equal(
			'"sed" is not allowed: expected one of rr, wrr, lc, wlc, dh, sh, mh; the default stands',
		)
	})

	it('are none of our business where they are not asked for: they are read, and no problem', () => {
		const annotations = new Map([[kubeRouterName('scheduler'), 'sed']])
		expect(readServiceSettings(service({annotations}))).to.deep.equal({settings: {}, problems: []})
	})

	it('leave a Service that has none as it is', () => {
		const untouched = service({annotations: new Map([['kube-lvs.io/scheduler', 'rr']])})
		expect(withKubeRouterAnnotations(untouched)).to.equal(untouched)
	})
})
