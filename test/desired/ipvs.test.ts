import {expect} from 'chai'
import {type Config, DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {compileService} from '../../src/desired/service.ts'
import type {Service} from '../../src/model/service.ts'
import {nodeContext, service, slice} from '../model/build.ts'
import {address} from '../state/build.ts'

const compile = (given: Service, config: Config = DEFAULT_CONFIG) =>
	compileService(given, [slice('a', ['10.244.1.5', '10.244.2.5'])], nodeContext(), config).state

describe('the settings of virtual servers', () => {
	const serverOf = (given: Service, config: Partial<Config> = {}) =>
		compile(given, {...DEFAULT_CONFIG, ...config})?.listeners.map(({state}) => state.server)

	it('have ClientIP affinity for single clients, on every VIP', () => {
		const given = service({
			affinitySeconds: 10_800,
			clusterIPs: [address('10.96.0.10'), address('fd00:96::a')],
			externalIPs: [address('203.0.113.7')],
		})
		expect(serverOf(given)?.map(({persistence}) => persistence)).to.deep.equal([
			{timeoutSeconds: 10_800, prefixLength: 32},
			{timeoutSeconds: 10_800, prefixLength: 32},
			{timeoutSeconds: 10_800, prefixLength: 128},
		])
	})

	it('have ClientIP affinity by hash where a mark leads clients inside to an endpoint: persistence would keep the port', () => {
		const given = service({
			affinitySeconds: 10_800,
			externalIPs: [address('203.0.113.7')],
			externalTrafficPolicy: 'Local',
		})
		const [inside] = (serverOf(given) ?? []).filter(({listen}) => listen.kind === 'firewall-mark')
		expect(inside).to.include({scheduler: 'mh', persistence: undefined})
		expect(inside?.flags, 'fallback, or clients of an endpoint that drains would be refused').to.deep.equal([
			'scheduler-1',
		])
	})

	it('have no persistence and no flags otherwise', () => {
		expect(serverOf(service())?.map(({persistence, flags}) => [persistence, flags])).to.deep.equal([[undefined, []]])
	})

	it('let mh hash the source port', () => {
		expect(serverOf(service(), {scheduler: 'mh'})?.map(({flags}) => flags)).to.deep.equal([['scheduler-2']])
	})

	it('give every real server weight 1 and masquerade', () => {
		const reals = [...(compile(service())?.listeners[0]?.state.realServers.values() ?? [])]
		expect(reals.map(({weight, forwarding}) => [weight, forwarding])).to.deep.equal([
			[1, 'masquerade'],
			[1, 'masquerade'],
		])
	})
})
