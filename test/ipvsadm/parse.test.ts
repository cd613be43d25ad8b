import {expect} from 'chai'
import fc from 'fast-check'
import {formatTable} from '../../src/ipvsadm/format.ts'
import {parseTable} from '../../src/ipvsadm/parse.ts'
import type {Entry} from '../../src/ipvsadm/parse-line.ts'
import type {Persistence, RealServer, VirtualServer} from '../../src/state/ipvs.ts'
import {realServer, virtualServer, withKey} from '../state/build.ts'
import {anyStates} from './arbitraries.ts'
import {parsedStates} from './parsed-states.ts'

/** The only entry of a text. */
const parseOne = (text: string): Entry | undefined => {
	const {lines, errors} = parseTable(text)
	expect(errors).to.deep.equal([])
	expect(lines).to.have.length(1)
	return lines[0]?.entry
}

const settings = (given: Partial<VirtualServer> = {}, where = 'tcp 10.96.0.1:80') => virtualServer(where, given)

const persistent = (timeoutSeconds: number, prefixLength: number, engine?: string): {persistence: Persistence} => ({
	persistence: {timeoutSeconds, prefixLength, ...(engine && {engine})},
})

const marked = (mark: number, family: 'ipv4' | 'ipv6' = 'ipv4') => withKey({kind: 'firewall-mark', family, mark})

/** Lines that formatTable does not write. Those that it writes: test/ipvsadm/format.test.ts. */
const VIRTUAL_SERVERS: Readonly<Record<string, VirtualServer>> = {
	'-A -t 10.96.0.1:80': settings({scheduler: 'wlc'}),
	'ipvsadm -A -t 10.96.0.1:80 -s rr': settings(),
	'  \t-A  -t\t10.96.0.1:80 -s rr\r': settings(),
	'-s rr -t 10.96.0.1:80 -A': settings(),
	'-At 10.96.0.1:80 -srr': settings(),
	'--add-service --tcp-service 10.96.0.1:80 --scheduler=rr': settings(),
	'-A -t 10.96.0.1:080 -s rr': settings(),
	'-A -t 10.96.0.1:80 -s rr -p': settings(persistent(360, 32)),
	'-A -p -t 10.96.0.1:80 -s rr': settings(persistent(360, 32)),
	'-A -t 10.96.0.1:80 -s rr -p7': settings(persistent(7, 32)),
	'-A -t 10.96.0.1:80 -s rr --persistent=7': settings(persistent(7, 32)),
	'-A -t 10.96.0.1:80 -s rr -p 2678400 -M 255.255.255.255': settings(persistent(2_678_400, 32)),
	'-A -t 10.96.0.1 -s rr -p 7': settings(persistent(7, 32), 'tcp 10.96.0.1:0'),
	'-A -t fd00::1 -s rr -p 7': settings(persistent(7, 128), 'tcp [fd00::1]:0'),
	'-A -t [FD00:0::1] -s rr -p 7 -M 128': settings(persistent(7, 128), 'tcp [fd00::1]:0'),
	'-A -t [fd00::1]:80 -s rr': settings({}, 'tcp [fd00::1]:80'),
	'-A -t 10.96.0.1:80 -s sh -b flag-1,flag-2': settings({scheduler: 'sh', flags: ['scheduler-1', 'scheduler-2']}),
	'-A -t 10.96.0.1:80 -b sh-port,sh-port, -s sh': settings({scheduler: 'sh', flags: ['scheduler-2']}),
	'-A -t 10.96.0.1:80 -s sh -b ': settings({scheduler: 'sh'}),
	'-A -f -1 -s rr': marked(0xffffffff),
	'-A -f -2147483648 -s rr -6': marked(0x80000000, 'ipv6'),
	'-A -6 -f 4294967295 -s rr': marked(0xffffffff, 'ipv6'),
}

const direct = (given: Partial<RealServer> = {}, where = '10.244.1.5:80') =>
	realServer(where, {forwarding: 'direct-routing', ...given})

const REAL_SERVERS: Readonly<Record<string, RealServer>> = {
	'-a -t 10.96.0.1:80 -r 10.244.1.5:80': direct(),
	'-a -t 10.96.0.1:80 -r 10.244.1.5': direct(),
	'-a -t 10.96.0.1:80 -r 10.244.1.5:81 -g': direct({}, '10.244.1.5:81'),
	'-a -t 10.96.0.1:80 -r 10.244.1.5 --masquerading -w5': direct({forwarding: 'masquerade', weight: 5}),
	'-a -f 7 -r 10.244.1.5 -m': direct({forwarding: 'masquerade'}, '10.244.1.5:0'),
	'-a -f 7 -6 -r [fd00::5] -m': direct({forwarding: 'masquerade'}, '[fd00::5]:0'),
	'-a -t 10.96.0.1:80 -r 10.244.1.5:80 -i': direct({forwarding: 'tunnel'}),
	'-a -t 10.96.0.1:80 -r 10.244.1.5:80 -i --tun-type gue --tun-port 6080': direct({
		forwarding: 'tunnel',
		tunnel: {type: 'gue', port: 6080, checksum: 'none'},
	}),
	'-a -t 10.96.0.1:80 -r 10.244.1.5:80 -x 0 -y 0': direct(),
	'-a -t 10.96.0.1:80 -r 10.244.1.5:80 -x 010': direct({limits: {upper: 10, lower: 0}}),
}

const NO_SOCKET = 'is no IP address with a port, as in 10.0.0.1:80 or [fd00::1]:80; save with `-n`, without names'

const A = '-A -t 10.96.0.1:80'
const a = '-a -t 10.96.0.1:80 -r 10.244.1.5:80'

const ERRORS: Readonly<Record<string, string>> = {
	foo: 'foo: unexpected',
	ipvsadm: '-A: missing, as is -a',
	'-t 10.96.0.1:80': '-A: missing, as is -a',
	'-A -a -t 10.96.0.1:80': '-a: only one of it and -A',
	'-s -b': '-A: missing, as is -a',
	'-s -p -o': '-A: missing, as is -a',
	'-C': '-C: no option of a saved table; its lines are those of `ipvsadm -S -n`',
	'-D -t 10.96.0.1:80': '-D: no option of a saved table; its lines are those of `ipvsadm -S -n`',
	[`${A} --constructor`]: '--constructor: no option of a saved table; its lines are those of `ipvsadm -S -n`',
	[`${A} rr`]: 'rr: unexpected',
	[`${A} # all`]: '#: unexpected',
	[`${A} -- -s rr`]: '--: unexpected',
	[`${A} -s`]: '-s: its value is missing',
	[`${A} --ops=1`]: '--ops: it has no value',
	[`${A} -s rr --scheduler wrr`]: '--scheduler: given twice',
	[`${A} -m`]: '-m: no option of -A',
	[`${a} -s rr`]: '-s: no option of -a',
	'-A -s rr': '-t: missing, as are -u, --sctp-service and -f',
	[`${A} -u 10.96.0.1:80`]: '-u: only one of it and -t',
	[`${A} -6`]: '-6: only with -f',
	'-A -t localhost:http': `-t: localhost:http ${NO_SOCKET}`,
	'-A -t 10.96.0.1:http': `-t: 10.96.0.1:http ${NO_SOCKET}`,
	'-A -t 10.96.0.1:65536': `-t: 10.96.0.1:65536 ${NO_SOCKET}`,
	'-A -t 10.96.0.1:': `-t: 10.96.0.1: ${NO_SOCKET}`,
	'-A -t :80': `-t: :80 ${NO_SOCKET}`,
	'-A --tcp-service=': `--tcp-service: nothing ${NO_SOCKET}`,
	'-A -t [10.96.0.1]:80': `-t: [10.96.0.1]:80 ${NO_SOCKET}`,
	'-A -t "10.96.0.1:80"': `-t: "10.96.0.1:80" ${NO_SOCKET}`,
	'-A -t 10.96.0.1:0': '-p: missing: without it a virtual server needs a port other than 0',
	'-A -t 10.96.0.1': '-p: missing: without it a virtual server needs a port other than 0',
	'-A -f 0': '-f: 0 is no whole number from 1 to 4294967295',
	'-A -f 4294967296': '-f: 4294967296 is no whole number from 1 to 4294967295',
	'-A -f -2147483649': '-f: 2147483649 is no whole number from 1 to 2147483648',
	'-A -f 0x10': '-f: 0x10 is no whole number from 1 to 4294967295',
	[`${A} -s sixteen_long_ones`]: '-s: sixteen_long_ones is no name of 1 to 15 characters',
	[`${A} -s é`]: '-s: é is no name of 1 to 15 characters',
	[`${A} --scheduler=`]: '--scheduler: nothing is no name of 1 to 15 characters',
	[`${A} -p 0`]: '-p: 0 is no whole number from 1 to 2678400',
	[`${A} -p 2678401`]: '-p: 2678401 is no whole number from 1 to 2678400',
	[`${A} -M 255.0.0.0`]: '-M: only with -p',
	[`${A} --pe sip`]: '--pe: only with -p',
	[`${A} -p 1 -M 24`]: '-M: 24 is no netmask without holes, as in 255.255.255.0',
	[`${A} -p 1 -M 255.0.255.0`]: '-M: 255.0.255.0 is no netmask without holes, as in 255.255.255.0',
	'-A -t [fd00::1]:80 -p 1 -M 0': '-M: 0 is no whole number from 1 to 128',
	'-A -t [fd00::1]:80 -p 1 -M 255.0.0.0': '-M: 255.0.0.0 is no whole number from 1 to 128',
	[`${A} -o`]: '-o: only with UDP, or with -f',
	[`${A} -s rr -b sh-port`]: '-b: sh-port is no flag of the scheduler rr',
	[`${A} -s mh -b constructor`]: '-b: constructor is no flag of the scheduler mh',
	'-a -t 10.96.0.1:80': '-r: missing',
	'-a -t 10.96.0.1:80 -r web:80': `-r: web:80 ${NO_SOCKET}`,
	'-a -t 10.96.0.1:80 -r [fd00::5]:80 -m': '-r: a real server of the other address family needs a tunnel (-i)',
	[`${a} -m -i`]: '-i: only one of it and -m',
	[`${a} -w -1`]: '-w: -1 is no whole number from 0 to 2147483647',
	[`${a} -w 2147483648`]: '-w: 2147483648 is no whole number from 0 to 2147483647',
	[`${a} -x 5 -y 6`]: '-y: 6 is above the upper threshold (-x), 5',
	[`${a} -y 6`]: '-y: 6 is above the upper threshold (-x), 0',
	[`${a} --tun-type gre`]: '--tun-type: only with a tunnel (-i)',
	[`${a} -m --tun-csum`]: '--tun-csum: only with a tunnel (-i)',
	[`${a} -i --tun-type vxlan`]: '--tun-type: vxlan is none of ipip, gue, gre',
	[`${a} -i --tun-type gue`]: '--tun-port: missing: gue needs one',
	[`${a} -i --tun-type gue --tun-port 0`]: '--tun-port: 0 is no whole number from 1 to 65535',
	[`${a} -i --tun-type gre --tun-port 9`]: '--tun-port: only with --tun-type gue',
	[`${a} -i --tun-port 9`]: '--tun-port: only with --tun-type gue',
	[`${a} -i --tun-csum`]: '--tun-csum: not with --tun-type ipip',
	[`${a} -i --tun-type gre --tun-remcsum`]: '--tun-remcsum: not with --tun-type gre',
	[`${a} -i --tun-type gre --tun-csum --tun-nocsum`]: '--tun-csum: only one of it and --tun-nocsum',
}

describe('a saved table', () => {
	for (const [text, server] of Object.entries(VIRTUAL_SERVERS)) {
		it(`adds a virtual server: ${JSON.stringify(text)}`, () => {
			expect(parseOne(text)).to.deep.equal({kind: 'virtual-server', server})
		})
	}

	for (const [text, realServer] of Object.entries(REAL_SERVERS)) {
		it(`adds a real server: ${text}`, () => {
			expect(parseOne(text)).to.deep.include({kind: 'real-server', realServer})
		})
	}

	for (const [text, reason] of Object.entries(ERRORS)) {
		it(`has an error: ${text}`, () => {
			expect(parseTable(text)).to.deep.equal({lines: [], errors: [{line: 1, reason}]})
		})
	}

	it('says all errors with the numbers of their lines, which empty ones and comments have, too', () => {
		const text = '# made by hand\n\n-A -t 10.96.0.1:80 -s rr\n -x\n-A -f 1\n-A -f x\n'
		const {lines, errors} = parseTable(text)
		expect(lines.map(({line}) => line)).to.deep.equal([3, 5])
		expect(errors).to.deep.equal([
			{line: 4, reason: '-x: its value is missing'},
			{line: 6, reason: '-f: x is no whole number from 1 to 4294967295'},
		])
	})

	it('is read as it was written, whatever it holds', () => {
		fc.assert(
			fc.property(anyStates, states => {
				const {lines, errors} = parseTable(formatTable(states.values()).join('\n'))
				expect(errors).to.deep.equal([])
				expect(parsedStates(lines)).to.deep.equal(states)
			}),
		)
	})

	it('is a table or has errors, whatever is written there', () => {
		const words = [A, a, ...Object.keys(ERRORS)].flatMap(line => line.split(' '))
		const anyText = fc.array(fc.oneof(fc.constantFrom(...words, '\n', '-A', '-a'), fc.string({unit: 'binary'})))
		fc.assert(
			fc.property(
				anyText.map(parts => parts.join(' ')),
				text => {
					const {lines, errors} = parseTable(text)
					const count = text.split('\n').length
					for (const {line} of [...lines, ...errors]) {
						expect(line).to.be.within(1, count)
					}
					for (const {reason} of errors) {
						expect(reason).to.match(/^.+: .+$/s)
					}
				},
			),
		)
	})
})
