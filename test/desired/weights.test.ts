import {expect} from 'chai'
import {type Config, DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {compileService} from '../../src/desired/service.ts'
import {weightsOf} from '../../src/desired/weights.ts'
import type {NodeContext} from '../../src/model/node-context.ts'
import {formatProblem} from '../../src/model/problem.ts'
import type {Service} from '../../src/model/service.ts'
import {endpoint, nodeContext, service, servicePort, slice} from '../model/build.ts'
import {address} from '../state/build.ts'

type Annotations = Readonly<Record<string, string>>

interface Given {
	readonly annotations?: Annotations
	readonly slices?: Parameters<typeof compileService>[1]
	readonly service?: Partial<Service>
	readonly node?: Partial<NodeContext>
	readonly config?: Partial<Config>
}

const named = (annotations: Annotations) =>
	new Map(Object.entries(annotations).map(([name, text]) => [`kube-lvs.io/${name}`, text]))

const [A, B, C] = ['10.244.1.5', '10.244.2.5', '10.244.2.6'] as const
const SLICE = slice('a', [endpoint(A, {zone: 'za'}), endpoint(B, {zone: 'zb'}), endpoint(C, {zone: 'zb'})])

const compile = ({annotations = {}, slices = [SLICE], ...given}: Given) => {
	const asked = service({annotations: named(annotations), ...given.service})
	const config = {...DEFAULT_CONFIG, ...given.config}
	const {state, problems} = compileService(asked, slices, nodeContext(given.node), config)
	return {servers: state?.listeners.map(({state}) => state) ?? [], problems: problems.map(formatProblem)}
}

/** `3 2 2 wrr`: what the endpoints weigh, in their order, and the scheduler. */
const balanced = (given: Given): readonly string[] =>
	compile(given).servers.map(({server, realServers}) =>
		[...[...realServers.values()].map(({weight}) => weight), server.scheduler].join(' '),
	)

describe('the weight of an endpoint', () => {
	const lists: readonly (readonly [weights: string, expected: string])[] = [
		['default 1', '1 1 1 rr'],
		['default 65535', '65535 65535 65535 rr'],
		['zone=za 3', '3 1 1 wrr'],
		['zone=za 3, default 2', '3 2 2 wrr'],
		['node=n1 3, node=n2 4', '3 4 4 wrr'],
		['10.244.2.0/24 5', '1 5 5 wrr'],
		['10.244.2.6 5, 10.244.2.0/24 4, default 3', '3 4 5 wrr'],
		['default 3, zone=za 9', '3 3 3 rr'],
		['zone=none 9', '1 1 1 rr'],
		['fd00::/8 9', '1 1 1 rr'],
		['node=n2 0', '1 0 0 rr'],
		['default 0', '0 0 0 rr'],
	]
	for (const [weights, expected] of lists) {
		it(`by "${weights}" is ${expected}`, () => {
			expect(balanced({annotations: {weights}})).to.deep.equal([expected])
		})
	}

	const nodeWeights = new Map([['n1', 7]])

	it('is said by the Service, else the EndpointSlice, else the Node, else it is 1', () => {
		const slices = [slice('a', [A, B]), slice('b', [C], {annotations: named({weights: 'node=n2 5'})})]
		const given = {slices, node: {nodeWeights}}
		expect(balanced(given)).to.deep.equal(['7 1 5 wrr'])
		expect(balanced({...given, annotations: {weights: `${A} 2, ${C} 3`}})).to.deep.equal(['2 1 3 wrr'])
	})

	it('comes with who says so', () => {
		const slices = [slice('a', [A, B], {annotations: named({weights: `${B} 5`})}), slice('b', [C])]
		const settings = {weights: [{selector: {kind: 'address', address: address(C)}, weight: 0, text: C}]} as const
		const {of} = weightsOf(settings, slices, {nodeWeights})
		expect(slices.flatMap(found => found.endpoints.map(each => of(each, found)))).to.deep.equal([
			{weight: 7, from: 'Node'},
			{weight: 5, from: 'EndpointSlice', selector: B},
			{weight: 0, from: 'Service', selector: C},
		])
		expect(weightsOf({}, [], {nodeWeights}).of(endpoint(B), slice('a', []))).to.deep.equal({weight: 1, from: 'default'})
	})

	it('is the default where the list is wrong, and the Service says so', () => {
		const {problems, servers} = compile({annotations: {weights: 'zone=za 3, default 65536'}})
		expect([...(servers[0]?.realServers.values() ?? [])].map(({weight}) => weight)).to.deep.equal([1, 1, 1])
		expect(problems.join()).to.match(
			/^Service ns\/s: metadata.annotations\[kube-lvs.io\/weights\]: .*InvalidAnnotation/,
		)
	})

	it('is the default where the list of an EndpointSlice is wrong, which is a problem of the slice', () => {
		const slices = [slice('a', [A], {annotations: named({weights: 'none', weight: '3'})})]
		const {problems} = compile({slices})
		expect(balanced({slices})).to.deep.equal(['1 rr'])
		expect(problems.map(text => [/^EndpointSlice ns\/a/.test(text), /\((\w+)\)$/.exec(text)?.[1]])).to.deep.equal([
			[true, 'InvalidAnnotation'],
			[true, 'UnknownAnnotation'],
		])
	})

	it('is the same for every address, family and port of the Service, and so is the scheduler', () => {
		const asked = {
			type: 'LoadBalancer',
			externalTrafficPolicy: 'Local',
			clusterIPs: [address('10.96.0.10'), address('fd00:96::a')],
			loadBalancerIPs: [address('203.0.113.7')],
			ports: [servicePort({nodePort: 30_080})],
		} as const
		const slices = [SLICE, slice('b', ['fd00:244:1::5'], {family: 'ipv6'})]
		const all = balanced({annotations: {weights: 'zone=za 3'}, service: asked, slices})
		expect(new Set(all)).to.deep.equal(new Set(['3 1 1 wrr', '3 wrr', '1 wrr']))
	})

	it('changes no scheduler that the Service has chosen, nor one of the configuration that knows weights', () => {
		const annotations = {weights: 'zone=za 3'}
		for (const scheduler of ['rr', 'lc', 'sh', 'dh']) {
			expect(balanced({annotations: {...annotations, scheduler}})).to.deep.equal([`3 1 1 ${scheduler}`])
		}
		expect(balanced({annotations, config: {scheduler: 'lc'}})).to.deep.equal(['3 1 1 wlc'])
		expect(balanced({annotations, config: {scheduler: 'sed'}})).to.deep.equal(['3 1 1 sed'])
	})
})

describe('slow start', () => {
	const slow = {'slow-start': '30s'}

	it('gives room below each weight, and needs a scheduler that knows weights', () => {
		expect(balanced({annotations: slow})).to.deep.equal(['100 100 100 wrr'])
		expect(balanced({annotations: {...slow, weights: 'zone=za 655, node=n2 0'}})).to.deep.equal(['65500 0 0 wrr'])
		expect(balanced({annotations: {...slow, weights: 'zone=za 656'}})).to.deep.equal(['656 1 1 wrr'])
		expect(compile({annotations: slow}).servers.map(({slowStart}) => slowStart)).to.deep.equal([30_000])
	})

	for (const scheduler of ['rr', 'lc', 'dh', 'sh', 'fo', 'ovf']) {
		it(`is ignored with ${scheduler}, to which a weight is no share`, () => {
			const {servers, problems} = compile({annotations: {...slow, scheduler}})
			expect(servers[0]).to.not.have.property('slowStart')
			expect([...(servers[0]?.realServers.values() ?? [])].map(({weight}) => weight)).to.deep.equal([1, 1, 1])
			expect(problems.join()).to.match(/slow-start.*ignored.*\(AnnotationIgnored\)$/)
		})
	}

	it('is ignored with such a scheduler in the configuration', () => {
		expect(balanced({annotations: slow, config: {scheduler: 'sh'}})).to.deep.equal(['1 1 1 sh'])
		expect(compile({annotations: slow, config: {scheduler: 'sh'}}).problems).to.have.lengthOf(1)
	})
})

describe('the limits of real servers', () => {
	it('are the same for all, and marked where they are not seen', () => {
		const [server] = compile({annotations: {'upper-threshold': '9', 'lower-threshold': '4'}}).servers
		expect([...(server?.realServers.values() ?? [])].map(({limits}) => limits)).to.deep.equal(
			[1, 2, 3].map(() => ({upper: 9, lower: 4})),
		)
		expect(server?.server.flags).to.deep.equal(['scheduler-3'])
	})

	it('are marked, too, where affinity is by a hash: clients of a full one go elsewhere', () => {
		const {servers} = compile({
			annotations: {'upper-threshold': '9'},
			service: {
				type: 'LoadBalancer',
				externalTrafficPolicy: 'Local',
				loadBalancerIPs: [address('203.0.113.7')],
				affinitySeconds: 60,
			},
		})
		const inside = servers.find(({server}) => server.listen.kind === 'firewall-mark')
		expect([inside?.server.scheduler, inside?.server.flags]).to.deep.equal(['mh', ['scheduler-1', 'scheduler-3']])
	})

	it('have no lower one unless it is said, and are none without the upper one', () => {
		const limitsOf = (annotations: Annotations) =>
			[...(compile({annotations}).servers[0]?.realServers.values() ?? [])][0]?.limits
		expect(limitsOf({'upper-threshold': '9'})).to.deep.equal({upper: 9, lower: 0})
		expect(limitsOf({'lower-threshold': '9'})).to.equal(undefined)
		expect(compile({}).servers[0]?.server.flags).to.deep.equal([])
	})
})

describe('how real servers go', () => {
	it('is as the Service says', () => {
		const ports = [servicePort({protocol: 'udp'}), servicePort()]
		const {servers} = compile({annotations: {'drain-deadline': '0s', 'udp-drain': 'true'}, service: {ports}})
		expect(servers.map(({drainDeadline, drainsUDP}) => [drainDeadline, drainsUDP])).to.deep.equal([
			[0, true],
			[0, undefined],
		])
		const [server] = compile({annotations: {'udp-drain': 'false'}, service: {ports}}).servers
		expect(server).to.not.have.any.keys('drainDeadline', 'drainsUDP', 'slowStart')
	})
})
