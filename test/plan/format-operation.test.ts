import {expect} from 'chai'
import {formatOperation} from '../../src/plan/format-operation.ts'
import type {RealServer, VirtualServer} from '../../src/state/ipvs.ts'
import {realServer, virtualServer} from '../state/build.ts'

const SERVERS: readonly (readonly [settings: Partial<VirtualServer>, text: string])[] = [
	[{scheduler: 'wlc'}, 'wlc'],
	[{scheduler: 'mh', flags: ['scheduler-1', 'scheduler-2']}, 'mh scheduler-1 scheduler-2'],
	[{flags: ['one-packet', 'scheduler-3']}, 'rr one-packet'],
	[{persistence: {timeoutSeconds: 60, prefixLength: 24}}, 'rr persistent 60s by /24'],
	[{persistence: {timeoutSeconds: 60, prefixLength: 32, engine: 'sip'}}, 'rr persistent 60s by sip'],
]

const REAL_SERVERS: readonly (readonly [settings: Partial<RealServer>, text: string])[] = [
	[{}, 'weight 1'],
	[{weight: 0, limits: {upper: 10, lower: 5}}, 'weight 0 limits 5 to 10'],
	[{forwarding: 'direct-routing'}, 'weight 1 direct-routing'],
	[{forwarding: 'tunnel'}, 'weight 1 tunnel'],
	[
		{forwarding: 'tunnel', tunnel: {type: 'gue', port: 6080, checksum: 'remote-checksum'}},
		'weight 1 tunnel gue 6080 remote-checksum',
	],
	[{forwarding: 'tunnel', tunnel: {type: 'gre', port: 0, checksum: 'none'}}, 'weight 1 tunnel gre'],
]

describe('an operation as a line of text', () => {
	for (const [settings, text] of SERVERS) {
		it(`says of a virtual server: ${text}`, () => {
			const server = virtualServer('tcp 10.96.0.10:80', settings)
			expect(formatOperation({kind: 'update-virtual-server', server})).to.equal(
				`update-virtual-server tcp 10.96.0.10:80 ${text}`,
			)
		})
	}

	for (const [settings, text] of REAL_SERVERS) {
		it(`says of a real server: ${text}`, () => {
			const server = virtualServer('tcp 10.96.0.10:80')
			const target = realServer('10.244.1.5:80', settings)
			expect(formatOperation({kind: 'add-real-server', server, realServer: target})).to.equal(
				`add-real-server tcp 10.96.0.10:80 -> 10.244.1.5:80 ${text}`,
			)
		})
	}
})
