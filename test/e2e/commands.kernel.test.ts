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

	it('cleanup refuses while kube-lvs runs, then removes all that is ours and nothing else', async () => {
		const refused = await served.kubeLvs.command('cleanup')
		expect(refused.exitCode).to.equal(1)
		expect(refused.stderr).to.include('stop it first')
		await served.kubeLvs.stop()
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
