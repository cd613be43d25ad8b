import {expect} from 'chai'
import {formatRealServer, formatTable, formatVirtualServer} from '../../src/ipvsadm/format.ts'
import type {RealServer, VirtualServer} from '../../src/state/ipvs.ts'
import {realServer, serverState, virtualServer, withKey} from '../state/build.ts'

const marked = (mark: number, family: 'ipv4' | 'ipv6' = 'ipv4') => withKey({kind: 'firewall-mark', family, mark})

const VIRTUAL_SERVERS: readonly (readonly [VirtualServer, string])[] = [
	[virtualServer('tcp 10.96.0.1:80'), '-A -t 10.96.0.1:80 -s rr'],
	[virtualServer('udp [fd00::1]:53', {scheduler: 'wlc'}), '-A -u [fd00::1]:53 -s wlc'],
	[virtualServer('sctp 10.96.0.1:0'), '-A --sctp-service 10.96.0.1:0 -s rr'],
	[marked(77), '-A -f 77 -s rr'],
	[marked(0xffffffff, 'ipv6'), '-A -f 4294967295 -6 -s rr'],
	...[
		[32, '-A -t 10.96.0.1:80 -s rr -p 300'],
		[25, '-A -t 10.96.0.1:80 -s rr -p 300 -M 255.255.255.128'],
		[24, '-A -t 10.96.0.1:80 -s rr -p 300 -M 255.255.255.0'],
		[9, '-A -t 10.96.0.1:80 -s rr -p 300 -M 255.128.0.0'],
		[1, '-A -t 10.96.0.1:80 -s rr -p 300 -M 128.0.0.0'],
		[0, '-A -t 10.96.0.1:80 -s rr -p 300 -M 0.0.0.0'],
	].map(([prefixLength, text]): readonly [VirtualServer, string] => [
		virtualServer('tcp 10.96.0.1:80', {
			persistence: {timeoutSeconds: 300, prefixLength: Number(prefixLength)},
		}),
		String(text),
	]),
	[
		virtualServer('tcp [fd00::1]:80', {persistence: {timeoutSeconds: 1, prefixLength: 64}}),
		'-A -t [fd00::1]:80 -s rr -p 1 -M 64',
	],
	[
		virtualServer('udp 10.96.0.1:5060', {
			scheduler: 'mh',
			flags: ['one-packet', 'scheduler-2'],
			persistence: {timeoutSeconds: 1, prefixLength: 16, engine: 'sip'},
		}),
		'-A -u 10.96.0.1:5060 -s mh -p 1 -M 255.255.0.0 --pe sip -o -b mh-port',
	],
	[
		virtualServer('tcp 10.96.0.1:80', {scheduler: 'sh', flags: ['scheduler-1', 'scheduler-2', 'scheduler-3']}),
		'-A -t 10.96.0.1:80 -s sh -b sh-fallback,sh-port,flag-3',
	],
	[
		virtualServer('tcp 10.96.0.1:80', {flags: ['scheduler-1', 'scheduler-2', 'scheduler-3']}),
		'-A -t 10.96.0.1:80 -s rr -b flag-1,flag-2,flag-3',
	],
]

const REAL_SERVERS: readonly (readonly [Partial<RealServer>, string])[] = [
	[{}, '-m -w 1'],
	[{weight: 0}, '-m -w 0'],
	[{weight: 2 ** 31 - 1, forwarding: 'direct-routing'}, '-g -w 2147483647'],
	[{limits: {upper: 10, lower: 0}}, '-m -w 1 -x 10'],
	[{limits: {upper: 10, lower: 5}, forwarding: 'tunnel'}, '-i -w 1 -x 10 -y 5 --tun-type ipip'],
	[
		{forwarding: 'tunnel', tunnel: {type: 'gue', port: 6080, checksum: 'remote-checksum'}},
		'-i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum',
	],
	[
		{forwarding: 'tunnel', tunnel: {type: 'gue', port: 6080, checksum: 'none'}},
		'-i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum',
	],
	[{forwarding: 'tunnel', tunnel: {type: 'gre', port: 0, checksum: 'checksum'}}, '-i -w 1 --tun-type gre --tun-csum'],
]

describe('a table is written as ipvsadm writes it', () => {
	for (const [server, text] of VIRTUAL_SERVERS) {
		it(text, () => {
			expect(formatVirtualServer(server)).to.equal(text)
		})
	}

	for (const [settings, text] of REAL_SERVERS) {
		it(`-a ... ${text}`, () => {
			const {listen} = virtualServer('tcp 10.96.0.1:80')
			expect(formatRealServer(listen, realServer('10.244.1.5:8080', settings))).to.equal(
				`-a -t 10.96.0.1:80 -r 10.244.1.5:8080 ${text}`,
			)
		})
	}

	it('with real servers below their virtual server, sorted by number and not by text', () => {
		const texts = ['udp 10.96.0.9:53', 'tcp [fd00::1]:80', 'tcp 10.96.0.10:80', 'tcp 10.96.0.9:443', 'tcp 10.96.0.9:80']
		const states = [
			serverState(marked(16)),
			serverState(marked(7, 'ipv6'), ['[fd00::b]:0', '[fd00::a]:0']),
			serverState(marked(7), ['10.244.1.10:0', '10.244.1.9:0']),
			...texts.map(text => serverState(virtualServer(text))),
		]
		expect(formatTable(states)).to.deep.equal([
			'-A -t 10.96.0.9:80 -s rr',
			'-A -t 10.96.0.9:443 -s rr',
			'-A -t 10.96.0.10:80 -s rr',
			'-A -u 10.96.0.9:53 -s rr',
			'-A -t [fd00::1]:80 -s rr',
			'-A -f 7 -s rr',
			'-a -f 7 -r 10.244.1.9:0 -m -w 1',
			'-a -f 7 -r 10.244.1.10:0 -m -w 1',
			'-A -f 7 -6 -s rr',
			'-a -f 7 -6 -r [fd00::a]:0 -m -w 1',
			'-a -f 7 -6 -r [fd00::b]:0 -m -w 1',
			'-A -f 16 -s rr',
		])
	})
})
