import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {readNodeState} from '../../e2e/scenario/node-state.ts'
import {serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {createServedTopology, type ServedTopology} from '../../e2e/scenario/served-topology.ts'
import {eventually} from '../support/eventually.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

const FOREIGN = `
	ipvsadm -A -t 198.51.100.1:80 -s wrr
	ipvsadm -a -t 198.51.100.1:80 -r 198.51.100.2:80 -m -w 7
	ipvsadm -A -f 77 -s rr
	ipset create FOREIGN hash:ip
	iptables-legacy -t nat -N FOREIGN
	iptables-legacy -t nat -A PREROUTING -j FOREIGN
	ip6tables-legacy -A INPUT -s 2001:db8::5 -j DROP
	iptables-legacy -L -n >/dev/null
	ip6tables-legacy -t nat -L -n >/dev/null
`

describe('the commands', function () {
	this.timeout(300_000)
	let served: ServedTopology
	let untouched: readonly string[]

	const state = () => readNodeState(served.topology, served.topology.node('n1'))

	before(async () => {
		served = await createServedTopology('commands')
		const {objects, topology} = served
		await topology.exec(topology.node('n1'), 'sh', ['-e', '-c', FOREIGN])
		untouched = await state()
		await objects.apply(
			serviceObject({name: 'web', number: 10, nodePort: 30080}),
			...sliceObjects('web', topology.pods),
		)
	})

	after(() => served?.destroy())

	it('plan prints what would change, changes nothing, and exits with 2', async () => {
		const {stdout, exitCode} = await served.kubeLvs.command('plan')
		expect(exitCode).to.equal(2)
		expect(stdout).to.include('add-real-server tcp 10.96.0.10:80 -> 10.244.1.2:8080 weight 1')
		expect(stdout).to.match(/\n\d+ operations$/)
		expect(await state()).to.deep.equal(untouched)
	})

	it('run refuses to be the second on a node', async () => {
		await served.kubeLvs.start()
		const {exitCode, stderr} = await served.kubeLvs.command('run')
		expect(exitCode).to.equal(1)
		expect(stderr).to.match(/^kube-lvs: kube-lvs runs on this node already, as process \d+$/)
	})

	it('status shows virtual and real servers beside their Service, VIPs, sets and foreign entries', async () => {
		const {stdout} = await served.kubeLvs.command('status', '-o', 'json')
		const {virtualServers, vips, sets, foreign} = JSON.parse(stdout)
		expect(virtualServers).to.deep.include({
			name: 'tcp 10.96.0.10:80',
			listen: {kind: 'address', protocol: 'tcp', address: '10.96.0.10', port: 80},
			scheduler: 'rr',
			service: 'demo/web',
			realServers: ['10.244.1.2:8080', '10.244.1.3:8080', '10.244.1.4:8080'].map(name => ({
				name,
				forwarding: 'masquerade',
				weight: 1,
				activeConnections: 0,
				inactiveConnections: 0,
			})),
		})
		expect(vips).to.deep.include({address: 'fd00:96::a', binding: 'address'})
		expect(sets).to.deep.include({name: 'KUBE-CLUSTER-IP', type: 'hash:ip,port', members: 3})
		expect(foreign.virtualServers.map(({name}: {name: string}) => name)).to.deep.equal([
			'firewall-mark ipv4 0x4d',
			'tcp 198.51.100.1:80',
		])
		expect(foreign.sets).to.deep.equal(['FOREIGN'])
		const table = await served.kubeLvs.command('status')
		expect(table.stdout).to.match(/^tcp 10\.96\.0\.10:80 +rr +demo\/web +10\.244\.1\.2:8080 +masquerade +1 +0 +0$/m)
		expect(table.exitCode).to.equal(0)
	})

	it('explain says what became of a Service, as the kernel has it', async () => {
		const {topology, kubeLvs} = served
		const {stdout, exitCode} = await kubeLvs.command('explain', 'demo/web', '-o', 'json')
		expect(exitCode).to.equal(0)
		const {stdout: table} = await topology.exec(topology.node('n1'), 'ipvsadm', ['-Ln'])
		const {ports} = JSON.parse(stdout)
		const [{addresses, endpoints}] = ports.items
		expect(addresses.items.map(({address}: {address: string}) => address)).to.include('10.96.0.10:80')
		for (const {server} of addresses.items) {
			expect(server).to.include({balancing: 'rr', forwarding: 'masquerade', isInKernel: true})
			const [protocol = '', where = ''] = server.key.split(' ')
			expect(table).to.match(new RegExp(`^${protocol.toUpperCase()} +${RegExp.escape(where)} rr`, 'm'))
		}
		expect(endpoints.items).to.have.length(3)
		for (const {address, cluster} of endpoints.items) {
			expect(cluster.weight).to.deep.equal({now: 1, full: 1, from: 'default'})
			expect(table).to.match(new RegExp(`-> ${RegExp.escape(address)} +Masq +1 `))
		}
		const shown = await kubeLvs.command('explain', 'demo/web')
		expect(shown.stdout).to.match(/^ {2}10\.244\.1\.2:8080 .* weight 1 \(default\)$/m)
		const unknown = await kubeLvs.command('explain', 'demo/\u001b[31mnone')
		expect({stderr: unknown.stderr, exitCode: unknown.exitCode}).to.deep.equal({
			stderr: 'kube-lvs: the kube-lvs on this node knows no Service demo/\\u{1b}[31mnone',
			exitCode: 1,
		})
	})

	it('status lists what cannot be served as written', async () => {
		const {objects, kubeLvs} = served
		const bad = serviceObject({name: 'bad', number: 11, externalIPs: ['127.0.0.1']})
		await kubeLvs.nextSync(() => objects.apply(bad))
		const {stdout} = await kubeLvs.command('status', '-o', 'json')
		expect(JSON.parse(stdout).problems.items).to.have.nested.property('[0].reason', 'AddressRefused')
		const table = await kubeLvs.command('status')
		expect(table.stdout).to.match(
			/^PROBLEMS\nService demo\/bad: spec\.externalIPs\[0\]: 127\.0\.0\.1 is .*\(AddressRefused\)$/m,
		)
	})

	it('restore says how long its changes last, and zero finds the virtual servers of a Service', async () => {
		const {topology, kubeLvs} = served
		const node = topology.node('n1')
		const before = await state()
		const pipe = `ipvsadm -S -n | node ${MAIN} restore --runtime-directory /run/kube-lvs-${node.namespace}`
		const {stdout, stderr} = await topology.exec(node, 'sh', ['-c', pipe])
		expect(stdout).to.match(/^virtual servers added: 0, real servers: 0; there already, with the same settings: \d{2}$/)
		expect(stderr).to.match(/^kube-lvs runs on this node, as process \d+: .* until its next audit$/)
		const table = `echo '-A -t 198.51.100.1:80 -s wrr' | node ${MAIN} restore -o json`
		const asJSON = await topology.exec(node, 'sh', ['-c', table])
		expect(JSON.parse(asJSON.stdout)).to.deep.equal({virtualServers: 0, realServers: 0, present: 1})
		expect(await state()).to.deep.equal(before)
		const zero = await kubeLvs.command('zero', 'demo/web')
		expect(zero.stdout).to.match(/^set back the counters of .*tcp 10\.96\.0\.10:80/)
		expect(zero.stdout).to.not.include('198.51.100.1')
	})

	it('end in good order when nobody reads what they say', async () => {
		const {topology} = served
		for (const command of ['restore </dev/null', 'save', 'status', 'top']) {
			const {stderr} = await topology.exec(topology.node('n1'), 'bash', [
				...['-o', 'pipefail', '-c', `node ${MAIN} ${command} 2>&1 | true || echo "${command} ended with $?" >&2`],
			])
			expect(stderr).to.equal('')
		}
	})

	it('connections says that there is no IPVS, and not that nothing is connected', async () => {
		const {topology} = served
		const hidden = `mount -t tmpfs none /proc && node ${MAIN} connections 2>&1`
		const {stdout} = await topology.exec(topology.node('n1'), 'unshare', ['-m', 'sh', '-c', `${hidden} || true`])
		expect(stdout).to.equal('kube-lvs: there is no IPVS in the kernel: load the module on the node: modprobe ip_vs')
	})

	it('doctor promises nothing where it could not look', async () => {
		const {topology} = served
		const rights = '--bounding-set=-all,+net_admin,+net_raw'
		const {stdout} = await topology.exec(topology.node('n1'), 'setpriv', [rights, 'node', MAIN, 'doctor'])
		expect(stdout).to.match(
			/^Nothing that was looked at keeps this node from serving Services: \d+ of \d+ are there\.$/m,
		)
	})

	it('journal says what was done, why, and for which Service', async () => {
		const {topology, objects, kubeLvs} = served
		const journal = async (...flags: readonly string[]) => (await kubeLvs.command('journal', ...flags)).stdout
		const real = RegExp.escape('tcp 10.96.0.10:80 -> 10.244.1.2:8080')
		const done = (cause: string, operation: string) => new RegExp(`Z  ${cause} +demo/web  ${operation}$`, 'm')
		expect(await journal('--service', 'demo/web')).to.match(done('first', `add-real-server ${real} weight 1`))
		const since = new Date().toISOString()
		await kubeLvs.nextSync(() => objects.apply(...sliceObjects('web', topology.pods.slice(1))))
		await eventually(async () =>
			expect(await journal('--since', since)).to.match(done('change', `delete-real-server ${real}`)),
		)
		expect(await journal('--since', since)).to.not.match(/Z {2}first /)
	})

	it('cleanup refuses while kube-lvs runs', async () => {
		const refused = await served.kubeLvs.command('cleanup')
		expect(refused.exitCode).to.equal(1)
		expect(refused.stderr).to.include('stop it first')
		await served.kubeLvs.stop()
		const alone = await served.kubeLvs.command('explain', 'demo/web')
		expect(alone.exitCode).to.equal(1)
		expect(alone.stderr).to.include('kube-lvs does not run on this node')
	})

	it('doctor warns of a kube-proxy, for whose end `run` would wait, and cleanup touches nothing beside it', async () => {
		const before = await state()
		const beside = async (command: string) => {
			const kubeProxy = `
				const server = require('http').createServer((_, response) => response.end('ipvs'))
				server.listen(10249, '127.0.0.1', () => {
					const child = require('child_process').spawn('sh', ['-c', 'node ${MAIN} ${command} 2>&1'], {stdio: 'inherit'})
					child.on('exit', () => server.close())
				})`
			return (await served.topology.exec(served.topology.node('n1'), 'node', ['-e', kubeProxy])).stdout
		}
		const found = 'a kube-proxy in mode ipvs runs on this node (it answers on 127.0.0.1:10249)'
		expect(await beside('doctor')).to.include(`WARNING: ${found}`)
		expect(await beside('cleanup')).to.equal(
			`kube-lvs: ${found}: cleanup would take away what it works with; stop it first`,
		)
		expect(await state()).to.deep.equal(before)
	})

	it('cleanup fails where somebody holds on to what is ours, and may be tried again', async () => {
		const {topology, kubeLvs} = served
		const rule = (action: '-A' | '-D') =>
			topology.exec(topology.node('n1'), 'iptables-legacy', [
				...['-t', 'nat', action, 'FOREIGN', '-m', 'set', '--match-set', 'KUBE-CLUSTER-IP', 'dst', '-j', 'RETURN'],
			])
		await rule('-A')
		const {exitCode, stdout, stderr} = await kubeLvs.command('cleanup')
		expect({exitCode, stdout}).to.deep.equal({exitCode: 1, stdout: ''})
		expect(stderr).to.match(/^kube-lvs: not everything could be removed or put back:\n {2}.*KUBE-CLUSTER-IP/)
		// What was done is still to be read.
		expect((await kubeLvs.command('journal')).stdout).to.include('demo/web')
		await rule('-D')
	})

	it('cleanup removes all that is ours and nothing else', async () => {
		const {exitCode, stderr} = await served.kubeLvs.command('cleanup')
		expect({exitCode, stderr}).to.deep.equal({exitCode: 0, stderr: ''})
		expect(await state()).to.deep.equal(untouched)
	})

	it('say what a program of the node says, without a trace of their own', async () => {
		const {topology} = served
		const broken = `
			folder=$(mktemp -d)
			printf '#!/bin/sh\\necho broken >&2; exit 1' >$folder/iptables-legacy-save
			chmod +x $folder/iptables-legacy-save
			PATH=$folder:$PATH node ${MAIN} status 2>&1 || rm -r $folder`
		const {stdout} = await topology.exec(topology.node('n1'), 'sh', ['-c', broken])
		expect(stdout.split('\n').at(-1)).to.equal('kube-lvs: this node cannot be read: iptables-legacy-save: broken')
	})

	it('name a wrong flag on stderr and exit with 1', async () => {
		const {exitCode, stderr} = await served.kubeLvs.command('plan', '--scheduler', 'no such')
		expect({exitCode, stderr}).to.deep.equal({
			exitCode: 1,
			stderr: 'kube-lvs: scheduler: a scheduler of the kernel has a name of 1 to 15 characters, such as rr',
		})
	})
})
