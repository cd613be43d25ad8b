import {expect} from 'chai'
import {type ConnectionOptions, connectionFilter} from '../../src/cli/connection-filter.ts'
import {serviceFilter} from '../../src/cli/service-filter.ts'
import type {Connection} from '../../src/kernel/ipvs/connections.ts'
import {parseSocketAddress} from '../../src/net/socket-address.ts'

const socket = (text: string) => {
	const parsed = parseSocketAddress(text, 0)
	if (!parsed) {
		throw new Error(text)
	}
	return parsed
}

const connection = (client: string, endpoint: string, fields: Partial<Connection> = {}): Connection => ({
	protocol: 'tcp',
	client: socket(client),
	virtual: socket('10.96.0.10:80'),
	realServer: socket(endpoint),
	state: 'ESTABLISHED',
	expiresSeconds: 1,
	...fields,
})

const CONNECTIONS = {
	a: connection('192.0.2.1:4000', '10.244.1.5:8080'),
	b: connection('192.0.2.1:4001', '10.244.1.6:8080', {state: 'SYN_RECV'}),
	c: connection('198.51.100.1:4000', '10.244.1.5:9090', {protocol: 'udp', state: 'UDP'}),
	d: connection('[2001:db8::1]:4000', '[fd00:244::5]:8080', {state: 'FIN_WAIT'}),
}

const SERVICES = {a: 'shop/web', b: 'default/web', c: 'shop-2/dns', d: undefined}

const serviceOf = (found: Connection) => {
	const [name] = Object.entries(CONNECTIONS).find(([, connection]) => connection === found) ?? []
	return SERVICES[name as keyof typeof SERVICES]
}

const CASES: readonly (readonly [ConnectionOptions, string])[] = [
	[{}, 'abcd'],
	[{client: '192.0.2.1'}, 'ab'],
	[{client: '192.0.2.1:4001'}, 'b'],
	[{client: '192.0.2.0/24'}, 'ab'],
	[{client: '0.0.0.0/0'}, 'abc'],
	[{client: '2001:db8::/32'}, 'd'],
	[{client: '[2001:db8::1]:4000'}, 'd'],
	[{client: '2001:DB8:0::1'}, 'd'],
	[{endpoint: '10.244.1.5'}, 'ac'],
	[{endpoint: '10.244.1.5:8080'}, 'a'],
	[{endpoint: '10.244.1.4/31', protocol: 'tcp'}, 'a'],
	[{protocol: 'udp'}, 'c'],
	[{state: 'established,syn_recv'}, 'ab'],
	[{state: 'UDP', client: '192.0.2.1'}, ''],
	[{service: 'shop/web'}, 'a'],
	[{service: 'web'}, 'b'],
	[{service: 'shop/'}, 'a'],
]

describe('connections', () => {
	for (const [options, expected] of CASES) {
		it(`that fit ${JSON.stringify(options)} are ${expected || 'none'}`, () => {
			const fits = connectionFilter(options, serviceOf)
			const found = Object.entries(CONNECTIONS).flatMap(([name, connection]) => (fits(connection) ? [name] : []))
			expect(found.join('')).to.equal(expected)
		})
	}

	for (const text of ['web', '10.0.0.0/33', '10.0.0.1:0', '10.0.0.1:99999', '', 'fd00::1:80:']) {
		it(`are not filtered by "${text}"`, () => {
			expect(() => connectionFilter({client: text}, serviceOf)).to.throw(`--client ${text}: expected an address`)
			expect(() => connectionFilter({endpoint: text}, serviceOf)).to.throw(`--endpoint ${text}: expected an address`)
		})
	}
})

describe('Services', () => {
	it('are all meant, known or not, where none is named', () => {
		expect(serviceFilter(undefined)(undefined)).to.equal(true)
	})

	it('that are not known are not the one that is named', () => {
		expect(serviceFilter('shop/')(undefined)).to.equal(false)
	})
})
