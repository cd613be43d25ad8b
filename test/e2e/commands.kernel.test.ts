import {expect} from 'chai'
import {readNodeState} from '../../e2e/scenario/node-state.ts'
import {serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {createServedTopology, type ServedTopology} from '../../e2e/scenario/served-topology.ts'

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

	it('cleanup refuses while kube-lvs runs, then removes all that is ours and nothing else', async () => {
		const refused = await served.kubeLvs.command('cleanup')
		expect(refused.exitCode).to.equal(1)
		expect(refused.stderr).to.include('stop it first')
		await served.kubeLvs.stop()
		const alone = await served.kubeLvs.command('explain', 'demo/web')
		expect(alone.exitCode).to.equal(1)
		expect(alone.stderr).to.include('kube-lvs does not run on this node')
		const {exitCode, stderr} = await served.kubeLvs.command('cleanup')
		expect({exitCode, stderr}).to.deep.equal({exitCode: 0, stderr: ''})
		expect(await state()).to.deep.equal(untouched)
	})

	it('name a wrong flag on stderr and exit with 1', async () => {
		const {exitCode, stderr} = await served.kubeLvs.command('plan', '--scheduler', 'no such')
		expect({exitCode, stderr}).to.deep.equal({
			exitCode: 1,
			stderr: 'kube-lvs: scheduler: a scheduler of the kernel has a name of 1 to 15 characters, such as rr',
		})
	})
})
