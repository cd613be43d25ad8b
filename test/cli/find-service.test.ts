import {expect} from 'chai'
import {serviceFinder} from '../../src/cli/find-service.ts'
import type {Connection} from '../../src/kernel/ipvs/connections.ts'
import type {Address} from '../../src/net/address.ts'

const connection = (protocol: string, address: string, port: number): Connection => ({
	protocol,
	client: {address: '192.0.2.1' as Address, port: 4000},
	virtual: {address: address as Address, port},
	realServer: {address: '10.244.1.5' as Address, port: 8080},
	state: 'NONE',
	expiresSeconds: 1,
})

describe('the Service of a connection', () => {
	const find = serviceFinder({
		owners: {
			'tcp 10.96.0.10:80': 'shop/web',
			'tcp [fd00:96::a]:80': 'shop/web',
			'firewall-mark ipv4 0x2001001': 'media/rtp',
			'firewall-mark ipv6 0x2001001': 'media/rtp6',
		},
		targets: [
			{protocol: 'udp', address: '203.0.113.5' as Address, port: 5060, service: 'media/sip'},
			{protocol: 'udp', address: '203.0.113.5' as Address, port: 10_000, lastPort: 10_999, service: 'media/rtp'},
		],
	})
	const CASES: readonly (readonly [string, string, number, string | undefined])[] = [
		['tcp', '10.96.0.10', 80, 'shop/web'],
		['tcp', 'fd00:96::a', 80, 'shop/web'],
		['udp', '10.96.0.10', 80, undefined],
		['udp', '203.0.113.5', 5060, 'media/sip'],
		['udp', '203.0.113.5', 5061, undefined],
		['udp', '203.0.113.5', 10_000, 'media/rtp'],
		['udp', '203.0.113.5', 10_999, 'media/rtp'],
		['udp', '203.0.113.5', 11_000, undefined],
		['tcp', '203.0.113.5', 10_000, undefined],
		['ip', '2.0.16.1', 0, 'media/rtp'],
		['ip', '200:1001::', 0, 'media/rtp6'],
		['icmp', '192.0.2.1', 0, undefined],
	]
	for (const [protocol, address, port, service] of CASES) {
		it(`${protocol} ${address} port ${port} is ${service ?? 'not known'}`, () => {
			expect(find(connection(protocol, address, port))).to.equal(service)
		})
	}

	it('is not known of ports of marks where an older kube-lvs runs', () => {
		expect(serviceFinder({owners: {}})(connection('udp', '203.0.113.5', 5060))).to.equal(undefined)
	})

	it('is not a property that every object has', () => {
		expect(serviceFinder({owners: {}})(connection('__proto__', '0.0.0.0', 0))).to.equal(undefined)
	})
})
