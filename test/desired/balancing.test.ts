import {expect} from 'chai'
import {type Config, DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {compileService} from '../../src/desired/service.ts'
import type {Service} from '../../src/model/service.ts'
import {nodeContext, service, slice} from '../model/build.ts'
import {address} from '../state/build.ts'

type Annotations = Readonly<Record<string, string>>

const serversOf = (annotations: Annotations, given: Partial<Service> = {}, config: Partial<Config> = {}) => {
	const named = new Map(Object.entries(annotations).map(([name, text]) => [`kube-lvs.io/${name}`, text]))
	const all = {...service({annotations: named}), ...given}
	const {state} = compileService(all, [slice('a', ['10.244.1.5'])], nodeContext(), {...DEFAULT_CONFIG, ...config})
	return state?.listeners.map(({state: {server}}) => server) ?? []
}

const balancingOf = (annotations: Annotations, given: Partial<Service> = {}, config: Partial<Config> = {}) => {
	const [first] = serversOf(annotations, given, config)
	return first && [first.scheduler, ...first.flags].join(' ')
}

describe('how clients are spread', () => {
	const cases: readonly (readonly [Annotations, string])[] = [
		[{}, 'rr'],
		[{scheduler: 'wlc'}, 'wlc'],
		[{scheduler: 'sh'}, 'sh scheduler-1'],
		[{scheduler: 'mh'}, 'mh scheduler-1'],
		[{scheduler: 'mh', 'scheduler-flags': 'none'}, 'mh'],
		[{scheduler: 'mh', 'scheduler-flags': 'mh-port'}, 'mh scheduler-2'],
		[{scheduler: 'sh', 'scheduler-flags': 'sh-port, sh-fallback'}, 'sh scheduler-1 scheduler-2'],
		[{scheduler: 'sh', 'scheduler-flags': 'mh-port'}, 'sh scheduler-1'],
		[{'scheduler-flags': 'mh-port'}, 'rr'],
		[{scheduler: 'no'}, 'rr'],
	]
	for (const [annotations, expected] of cases) {
		it(`${JSON.stringify(annotations)} is ${expected}`, () => {
			expect(balancingOf(annotations)).to.equal(expected)
		})
	}

	it('follows the configuration where the Service says nothing', () => {
		expect(balancingOf({}, {}, {scheduler: 'mh'})).to.equal('mh scheduler-2')
		expect(balancingOf({}, {}, {scheduler: 'sh'})).to.equal('sh scheduler-1')
		expect(balancingOf({scheduler: 'mh'}, {}, {scheduler: 'mh'})).to.equal('mh scheduler-1')
	})

	it('treats packets one by one for UDP alone', () => {
		const ports = [
			{name: 'a', protocol: 'udp', port: 53, nodePort: 0},
			{name: 'b', protocol: 'tcp', port: 53, nodePort: 0},
		] as const
		const servers = serversOf({'one-packet': 'true', 'forwarding-method': 'direct-routing'}, {ports})
		const oneByOne = servers.filter(({flags}) => flags.includes('one-packet')).map(({key}) => key)
		expect(oneByOne.every(key => key.startsWith('udp') || key.startsWith('firewall-mark'))).to.equal(true)
		expect(oneByOne.length).to.be.above(0)
	})
})

describe('persistence', () => {
	const dual = {clusterIPs: [address('10.96.0.10'), address('fd00:96::a')]}
	const persistenceOf = (annotations: Annotations, given: Partial<Service> = {}) =>
		serversOf(annotations, {...dual, ...given}).map(({persistence}) => persistence)

	it('is turned on by its timeout', () => {
		expect(persistenceOf({'persistence-timeout': '90s'})).to.deep.equal([
			{timeoutSeconds: 90, prefixLength: 32},
			{timeoutSeconds: 90, prefixLength: 128},
		])
	})

	it('stands instead of sessionAffinity', () => {
		const [first] = persistenceOf({'persistence-timeout': '720h'}, {affinitySeconds: 10})
		expect(first?.timeoutSeconds).to.equal(2_592_000)
	})

	it('completes sessionAffinity with networks of clients', () => {
		const annotations = {'persistence-prefix-ipv4': '24', 'persistence-prefix-ipv6': '64'}
		expect(persistenceOf(annotations, {affinitySeconds: 10})).to.deep.equal([
			{timeoutSeconds: 10, prefixLength: 24},
			{timeoutSeconds: 10, prefixLength: 64},
		])
	})

	it('has an engine for UDP alone', () => {
		const ports = [
			{name: 'a', protocol: 'udp', port: 5060, nodePort: 0},
			{name: 'b', protocol: 'tcp', port: 5060, nodePort: 0},
		] as const
		const servers = serversOf({'persistence-timeout': '90s', 'persistence-engine': 'sip'}, {ports})
		expect(servers.map(({key, persistence}) => [key.split(' ')[0], persistence])).to.deep.equal([
			['udp', {timeoutSeconds: 90, prefixLength: 32, engine: 'sip'}],
			['tcp', {timeoutSeconds: 90, prefixLength: 32}],
		])
	})
})
