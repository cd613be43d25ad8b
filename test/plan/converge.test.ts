import {expect} from 'chai'
import fc from 'fast-check'
import {formatOperation} from '../../src/plan/format-operation.ts'
import {makePlan} from '../../src/plan/plan.ts'
import {wholeScope} from '../../src/plan/scope.ts'
import type {Binding} from '../../src/state/addresses.ts'
import type {ActualState, WantedState} from '../../src/state/node-state.ts'
import {address, realServer, serverState, virtualServer} from '../state/build.ts'
import {emptyKernel, framedKernel, planOptions, planWhole, recorded, wanted} from './build.ts'

const HOSTS = [1, 2, 3, 4]
const anyServers = (weights: readonly number[]) =>
	fc.array(
		fc
			.record({
				host: fc.constantFrom(...HOSTS),
				protocol: fc.constantFrom('tcp', 'udp'),
				scheduler: fc.constantFrom('rr', 'lc'),
				reals: fc.uniqueArray(fc.constantFrom(...HOSTS)),
				weight: fc.constantFrom(...weights),
			})
			.map(({host, protocol, scheduler, reals, weight}) =>
				serverState(
					virtualServer(`${protocol} 10.96.0.${host}:80`, {scheduler}),
					reals.map(real => realServer(`10.244.1.${real}:80`, {weight})),
				),
			),
		{maxLength: 6},
	)

const anyHosts = fc.uniqueArray(fc.constantFrom(...HOSTS))
const memberOf = (host: number) => `10.96.0.${host},tcp:80`

/** Small enough to be read when it fails; the states are built of it. */
const anyWanted = fc.record({servers: anyServers([1]), vips: anyHosts, members: anyHosts})

const wantedOf = ({
	servers,
	vips,
	members,
}: typeof anyWanted extends fc.Arbitrary<infer Value> ? Value : never): WantedState =>
	wanted({
		servers,
		vips: vips.map(host => address(`10.96.0.${host}`)),
		members: {'KUBE-CLUSTER-IP': members.map(memberOf)},
	})

/** Anything between an untouched kernel and one with the frame and much that is not wanted. */
const anyActual = fc.record({
	servers: anyServers([0, 1, 7]),
	bound: fc.uniqueArray(fc.tuple(fc.constantFrom(...HOSTS), fc.constantFrom<Binding>('address', 'route')), {
		selector: ([host]) => host,
	}),
	members: anyHosts,
	frame: fc.constantFrom('whole', 'no device', 'none'),
})

const actualOf = ({
	servers,
	bound,
	members,
	frame,
}: typeof anyActual extends fc.Arbitrary<infer Value> ? Value : never): ActualState => {
	if (frame === 'none') {
		return {...emptyKernel(), virtualServers: new Map(servers.map(state => [state.server.key, state]))}
	}
	const hasDevice = frame === 'whole'
	const bindings = new Map(
		hasDevice ? bound.map(([host, binding]) => [address(`10.96.0.${host}`), binding] as const) : [],
	)
	return {...framedKernel({servers, bindings, members: {'KUBE-CLUSTER-IP': members.map(memberOf)}}), hasDevice}
}

describe('a plan', () => {
	it('leaves nothing for a second one, from any state to any other', () => {
		fc.assert(
			fc.property(anyWanted, anyActual, (wish, present) => {
				const [want, actual] = [wantedOf(wish), actualOf(present)]
				const after = recorded(actual, planWhole(want, actual))
				expect(planWhole(want, after).map(formatOperation)).to.deep.equal([])
			}),
		)
	})

	it('leads to exactly what is wanted; only what drains is more', () => {
		fc.assert(
			fc.property(anyWanted, anyActual, (wish, present) => {
				const [want, actual] = [wantedOf(wish), actualOf(present)]
				const scope = wholeScope(want, actual)
				const after = recorded(actual, makePlan(scope, want, actual, planOptions()))
				const lingering = [...after.virtualServers.values()].filter(
					({server: {key}}) => scope.virtualServers.has(key) && !want.virtualServers.has(key),
				)
				const kept = lingering.flatMap(({server: {listen}}) => (listen.kind === 'address' ? [listen] : []))
				const vips = new Set<string>(kept.map(({address}) => address))
				const entries = new Set(kept.map(({address, protocol, port}) => `${address},${protocol}:${port}`))
				expect([...after.bindings.keys()].filter(vip => !vips.has(vip)).sort()).to.deep.equal(
					[...want.vips.keys()].filter(vip => !vips.has(vip)).sort(),
				)
				const without = (keys: Iterable<string>) => [...keys].filter(entry => !entries.has(entry)).sort()
				expect(without(after.sets.get('KUBE-CLUSTER-IP')?.entries ?? [])).to.deep.equal(
					without(want.members.get('KUBE-CLUSTER-IP')?.keys() ?? []),
				)
				for (const {realServers} of lingering) {
					expect(realServers.size).to.be.greaterThan(0)
					expect([...realServers.values()].every(({weight}) => weight === 0)).to.equal(true)
				}
				for (const [key, {server, realServers}] of want.virtualServers) {
					const present = after.virtualServers.get(key)
					expect(present?.server).to.deep.equal(server)
					const active = [...(present?.realServers.values() ?? [])].filter(({weight}) => weight > 0)
					expect(new Map(active.map(real => [real.key, real]))).to.deep.equal(new Map([...realServers]))
				}
			}),
		)
	})

	it('never touches virtual servers that are not ours', () => {
		fc.assert(
			fc.property(anyWanted, anyActual, (wish, present) => {
				const [want, actual] = [wantedOf(wish), actualOf(present)]
				const scope = wholeScope(want, actual)
				for (const operation of makePlan(scope, want, actual, planOptions())) {
					if ('server' in operation) {
						expect(scope.virtualServers.has(operation.server.key)).to.equal(true)
					}
				}
			}),
		)
	})

	it('for nothing that has changed is empty, also within a scope', () => {
		const server = serverState(virtualServer('tcp 10.96.0.1:80'), ['10.244.1.1:80'])
		const want = wanted({servers: [server]})
		const scope = {virtualServers: new Set([server.server.key]), vips: new Set<never>(), members: new Map()}
		expect(makePlan(scope, want, framedKernel({servers: [server]}), planOptions())).to.deep.equal([])
	})

	it('within a scope changes nothing outside of it', () => {
		const [inside, outside] = ['tcp 10.96.0.1:80', 'tcp 10.96.0.2:80'].map(text => serverState(virtualServer(text)))
		const want = wanted({servers: [inside, outside].filter(state => state !== undefined)})
		const scope = {
			virtualServers: new Set([inside?.server.key ?? '']),
			vips: new Set<never>(),
			members: new Map(),
		}
		expect(makePlan(scope, want, framedKernel(), planOptions()).map(formatOperation)).to.deep.equal([
			'add-virtual-server tcp 10.96.0.1:80 rr',
		])
	})
})
