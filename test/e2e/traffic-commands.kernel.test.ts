import {fileURLToPath} from 'node:url'
import {stripVTControlCharacters} from 'node:util'
import {expect} from 'chai'
import {serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {createServedTopology, type ServedTopology} from '../../e2e/scenario/served-topology.ts'
import {type Connection, openConnection} from '../../e2e/topology/connection.ts'
import {Load} from '../../e2e/topology/load.ts'

import {eventually} from '../support/eventually.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

interface ConnectionLine {
	readonly protocol: string
	readonly client: string
	readonly virtual: string
	readonly service?: string
	readonly endpoint: string
	readonly state: string
	readonly expiresSeconds: number
}

describe('the commands that look at traffic', function () {
	this.timeout(300_000)
	let served: ServedTopology
	let open: readonly Connection[]

	const connections = async (...args: readonly string[]): Promise<readonly ConnectionLine[]> => {
		const {stdout, stderr} = await served.kubeLvs.command('connections', '-o', 'json', ...args)
		expect(stderr).to.equal('')
		return JSON.parse(stdout).connections
	}

	before(async () => {
		served = await createServedTopology('traffic-commands')
		const {objects, topology, kubeLvs} = served
		const rtp = serviceObject({
			name: 'rtp',
			number: 12,
			type: 'LoadBalancer',
			loadBalancerIPs: ['203.0.113.12', '2001:db8:f::c'],
			annotations: {'kube-lvs.io/port-range': 'udp:10000-10999'},
			spec: {ports: [{name: 'udp', protocol: 'UDP', port: 10_000}]},
		})
		await objects.apply(
			serviceObject({name: 'web', number: 10, nodePort: 30_080, affinitySeconds: 600}),
			...sliceObjects('web', topology.pods.slice(0, 1)),
			rtp,
			...sliceObjects('rtp', topology.pods.slice(1, 2), 10_000),
		)
		await kubeLvs.start()
		const outside = topology.client('outside')
		open = await Promise.all([
			openConnection(topology, outside, {address: '10.96.0.10', port: 80}),
			openConnection(topology, outside, {address: 'fd00:96::a', port: 80}),
			openConnection(topology, outside, {address: '192.0.2.10', port: 30_080, protocol: 'udp'}),
		])
		for (const connection of open) {
			await connection.ask()
		}
		await topology.exec(outside, 'bash', ['-c', 'echo >/dev/udp/203.0.113.12/10005'])
	})

	after(async () => {
		await Promise.all((open ?? []).map(connection => connection.close()))
		await served?.destroy()
	})

	it('connections has each with its Service, of both families, of node ports and of port ranges', async () => {
		const found = await connections('--service', 'demo/')
		const shown = found.map(({protocol, virtual, service, endpoint, state}) =>
			[protocol, virtual, service, endpoint, state].join(' '),
		)
		expect(shown.sort()).to.deep.equal([
			'tcp 10.96.0.10:80 demo/web 10.244.1.2:8080 ASSURED',
			'tcp 10.96.0.10:80 demo/web 10.244.1.2:8080 ESTABLISHED',
			'tcp [fd00:96::a]:80 demo/web [fd00:244:0:1::2]:8080 ASSURED',
			'tcp [fd00:96::a]:80 demo/web [fd00:244:0:1::2]:8080 ESTABLISHED',
			'udp 192.0.2.10:30080 demo/web 10.244.1.2:8080 ASSURED',
			'udp 192.0.2.10:30080 demo/web 10.244.1.2:8080 UDP',
			'udp 203.0.113.12:10005 demo/rtp 10.244.1.3:10005 UDP',
		])
		expect(found.find(({state}) => state === 'ASSURED')?.client).to.match(/:0$/)
	})

	it('connections shows those that fit, as a table for people', async () => {
		const client = '192.0.2.0/24'
		const {stdout} = await served.kubeLvs.command('connections', '--client', client, '--state', 'established')
		const [header, line, ...others] = stdout.split('\n')
		expect(header).to.match(/^PROTOCOL +CLIENT +VIRTUAL +SERVICE +ENDPOINT +STATE +EXPIRES$/)
		expect(line).to.match(
			/^tcp +192\.0\.2\.200:\d+ +10\.96\.0\.10:80 +demo\/web +10\.244\.1\.2:8080 +ESTABLISHED +\d+s$/,
		)
		expect(others).to.deep.equal([])
	})

	it('top has the totals of the kernel by Service, and the endpoints of all its addresses together', async () => {
		const {topology, kubeLvs} = served
		const totals = async () => {
			const {stdout} = await topology.exec(topology.node('n1'), 'ipvsadm', ['-Ln', '--stats', '--exact'])
			return totalsOf(stdout, ':80 ', ':30080 ')
		}
		// The kernel tells what it counts every other second.
		await eventually(async () => expect(await totals()).to.have.property('connections', 3), undefined, 500)
		const {stdout} = await kubeLvs.command('top', '-o', 'json', '--service', 'demo/web', '--sort', 'active')
		const {services} = JSON.parse(stdout)
		expect(services).to.have.length(1)
		const [{service, virtualServers, total, endpoints, activeConnections}] = services
		expect({service, activeConnections}).to.deep.equal({service: 'demo/web', activeConnections: 2})
		expect(virtualServers).to.include.members(['tcp 10.96.0.10:80', 'tcp [fd00:96::a]:80', 'udp 192.0.2.10:30080'])
		expect(endpoints.map(({endpoint}: {endpoint: string}) => endpoint)).to.deep.equal([
			'10.244.1.2:8080',
			'[fd00:244:0:1::2]:8080',
		])
		expect(total).to.deep.equal(await totals())
	})

	it('top has the rates of the kernel', async () => {
		const {topology, kubeLvs} = served
		const load = await Load.start(topology, topology.client('outside'), {
			targets: [{address: '10.96.0.10', port: 80}],
			interval: 50,
		})
		const {stdout} = await kubeLvs.command('top', '-o', 'json', '--rounds', '3', '--interval', '2s')
		await load.stop()
		const rounds = stdout.split('\n').map(line => JSON.parse(line))
		expect(rounds).to.have.length(3)
		const [web, rtp] = rounds[2].services
		expect([web.service, rtp.service]).to.deep.equal(['demo/web', 'demo/rtp'])
		expect(web.total.connections).to.be.above(rounds[0].services[0].total.connections)
		expect(web.perSecond.connections).to.be.within(1, 100)
		expect(web.perSecond.packetsIn).to.be.above(web.perSecond.connections)
		expect(web.perSecond.bytesOut).to.be.above(0)
		expect(web.endpoints[0]).to.include({endpoint: '10.244.1.2:8080'})
		expect(web.endpoints[0].perSecond.connections).to.be.above(0)
		expect(rtp.perSecond.connections).to.equal(0)
	})

	it('top is a live table on a terminal, and leaves that as it was', async () => {
		const {topology} = served
		const node = topology.node('n1')
		const command = `stty rows 12 cols 60; node ${MAIN} top --runtime-directory /run/kube-lvs-${node.namespace} --interval 200ms`
		const terminal = topology.spawn(node, 'script', ['--quiet', '--return', '--command', command, '/dev/null'])
		let [shown, looks, hasLeft] = ['', 0, false]
		terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
			shown += text
			looks += text.split('kube-lvs top').length - 1
			if (looks >= 3 && !hasLeft) {
				hasLeft = true
				terminal.stdin.write('q')
			}
		})
		const {exitCode} = await terminal
		expect(exitCode).to.equal(0)
		const [entered = '', screens = '', left] = shown.split(/(?<=\[\?1049h)|(?=.\[\?1049l)/s)
		expect([entered, left]).to.deep.equal(['\u001b[?1049h', '\u001b[?1049l'])
		const lines = stripVTControlCharacters(screens.split('\u001b[H').at(-1) ?? '').split(/\r+\n/)
		expect(lines).to.have.length(12)
		expect(lines[0]).to.match(/^kube-lvs top {2}\S+ {2}\d\d:\d\d:\d\d {2}every 0\.2s/)
		expect(lines[3]).to.match(/^SERVICE +ACTIVE +CONN\/S +IN B\/S/)
		expect(lines.slice(4).join('\n')).to.match(/^demo\/web +2 /m)
	})
})

/** The sums of `ipvsadm -Ln --stats --exact` over virtual servers with one of these ports. */
const totalsOf = (text: string, ...ports: readonly string[]) => {
	const lines = text
		.split('\n')
		.filter(line => /^(TCP|UDP|SCTP) /.test(line) && ports.some(port => line.includes(port)))
	const sums = lines.reduce<readonly number[]>(
		(sums, line) => sums.map((sum, at) => sum + Number(line.trim().split(/\s+/)[at + 2])),
		[0, 0, 0, 0, 0],
	)
	const [connections, packetsIn, packetsOut, bytesIn, bytesOut] = sums
	return {connections, packetsIn, packetsOut, bytesIn, bytesOut}
}
