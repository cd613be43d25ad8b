import {once} from 'node:events'
import {expect} from 'chai'
import {type Container, readContainer} from '../../e2e/scenario/container.ts'
import {KubeLvs} from '../../e2e/scenario/kube-lvs.ts'
import {readNodeState, readSurroundings} from '../../e2e/scenario/node-state.ts'
import {serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {createServedTopology, type ServedTopology} from '../../e2e/scenario/served-topology.ts'
import {tally} from '../../e2e/topology/answer.ts'
import {probe} from '../../e2e/topology/probe.ts'
import type {Finding} from '../../src/doctor/finding.ts'

/** As a kernel has them that nobody has prepared. */
const UNPREPARED =
	'cd /proc/sys/net/ipv4/vs; for file in conntrack expire_nodest_conn expire_quiescent_template; do echo 0 >$file; done'

/** What the test kernel lacks: only the node's first network namespace has the one, the other came with Linux 6.4. */
const KNOWN = ['setting net/netfilter/nf_conntrack_max', 'IPVS scheduler twos']

const WITHOUT_FO = [KNOWN[0], 'IPVS scheduler fo', KNOWN[1]]

describe('a container of the chart', function () {
	this.timeout(300_000)
	let served: ServedTopology
	/** Root on the node, as the init container. */
	let onNode: KubeLvs

	const sh = (script: string) => served.topology.exec(served.topology.node('n1'), 'sh', ['-e', '-c', script])
	const inside = (container: Container) => new KubeLvs(served.topology, served.topology.node('n1'), args(), {container})
	const args = () => ['--source', served.objects.path, '--cluster-cidr', '10.244.0.0/16,fd00:244::/56']
	const around = async () => [
		...(await readNodeState(served.topology, served.topology.node('n1'))),
		// Two settings come with the modules of schedulers, which stay loaded.
		...(await readSurroundings(served.topology, served.topology.node('n1'))).filter(line => !line.includes('lblc')),
	]
	const examine = async (kubeLvs: KubeLvs, ...flags: readonly string[]) => {
		const {stdout, exitCode} = await kubeLvs.command('doctor', ...flags, '-o', 'json')
		const findings: readonly Finding[] = JSON.parse(stdout).findings
		const of = (wanted: Finding['state']) => findings.flatMap(({what, state}) => (state === wanted ? [what] : []))
		return {exitCode, missing: of('missing'), untried: of('not tried')}
	}

	before(async () => {
		served = await createServedTopology('container', '--audit-interval', '1s')
		onNode = new KubeLvs(served.topology, served.topology.node('n1'), args(), {container: 'none'})
		await served.objects.apply(serviceObject({name: 'web', number: 10}), ...sliceObjects('web', served.topology.pods))
		await sh(UNPREPARED)
	})

	after(() => served?.destroy())

	it('finds what it cannot prepare by itself', async () => {
		const {exitCode, missing, untried} = await examine(served.kubeLvs)
		expect(exitCode).to.equal(1)
		expect(missing).to.include.members(['setting net/ipv4/vs/conntrack', 'setting net/ipv4/vs/expire_nodest_conn'])
		expect(untried).to.include('sets of type hash:ip,port')
	})

	it('finds that the test kernel has all but what it is known to lack, and changes nothing by looking', async () => {
		const before = await around()
		expect(await examine(onNode)).to.deep.equal({exitCode: 0, missing: KNOWN, untried: []})
		expect(await around()).to.deep.equal(before)
	})

	it('finds the same while somebody keeps the lock of iptables', async () => {
		const lock = ['--no-fork', '/run/xtables.lock', 'sh', '-c', 'echo; exec sleep 300']
		const holder = served.topology.spawn(served.topology.node('n1'), 'flock', lock)
		await once(holder.stdout, 'data')
		const found = await examine(onNode)
		holder.kill('SIGKILL')
		expect(found).to.deep.equal({exitCode: 0, missing: KNOWN, untried: []})
	})

	it('has all it needs when its node is prepared, and serves', async () => {
		expect(await examine(onNode, '--prepare')).to.deep.equal({exitCode: 0, missing: KNOWN, untried: []})
		expect((await examine(served.kubeLvs)).exitCode).to.equal(0)
		expect(await served.kubeLvs.start()).to.include({failures: 0})
		const answers = await probe(served.topology, served.topology.client('outside'), {
			...{address: '10.96.0.10', port: 80, count: 6},
		})
		expect(tally(answers)).to.deep.equal({a: 2, b: 2, c: 2})
		expect(served.kubeLvs.log.filter(({msg}) => msg.includes('the kernel setting'))).to.deep.equal([])
	})

	it('says once that a setting was changed which it may not write, and stays healthy', async () => {
		const {kubeLvs} = served
		const from = kubeLvs.log.length
		const said = () => kubeLvs.log.slice(from).filter(({msg}) => msg.startsWith('the kernel setting'))
		await sh('echo 0 >/proc/sys/net/ipv4/vs/conntrack')
		await kubeLvs.waitFor(({msg}) => msg.includes('net/ipv4/vs/conntrack should be 1'), from)
		expect((await kubeLvs.command('status')).stdout).to.match(/^WARNING: the kernel setting net\/ipv4\/vs\/conntrack/m)
		for (const host of ['127.0.0.1', '[::1]']) {
			const {stdout} = await sh(`curl -s -o /dev/null -w "%{http_code}" http://${host}:10256/healthz`)
			expect(stdout, host).to.equal('200')
		}
		await sh('echo 1 >/proc/sys/net/ipv4/vs/conntrack')
		await kubeLvs.waitFor(({msg}) => msg.includes('net/ipv4/vs/conntrack is as it should be'), from)
		expect(said().map(({level}) => level)).to.deep.equal(['warn', 'info'])
		expect(kubeLvs.log.slice(from).filter(({level}) => level === 'error')).to.deep.equal([])
	})

	it('leaves a node on which cleaning up puts the prepared settings back', async () => {
		await served.kubeLvs.stop()
		expect((await served.kubeLvs.command('cleanup')).exitCode).to.equal(0)
		const {stdout} = await sh('cat /proc/sys/net/ipv4/vs/conntrack /proc/sys/net/ipv4/vs/expire_nodest_conn')
		expect(stdout).to.equal('0\n0')
	})

	it('is not needed by root on the node, who mends settings that somebody has changed', async () => {
		await onNode.start('--audit-interval', '1s')
		const from = onNode.log.length
		await sh('echo 0 >/proc/sys/net/ipv4/vs/conntrack')
		await onNode.waitFor(({msg}) => msg.startsWith('audit: the kernel was not'), from)
		expect((await sh('cat /proc/sys/net/ipv4/vs/conntrack')).stdout).to.equal('1')
		await onNode.stop()
		expect((await onNode.command('cleanup')).exitCode).to.equal(0)
	})

	const container = readContainer()
	for (const lacking of container.capabilities) {
		it(`serves nothing without ${lacking}, and says that it lacks it`, async () => {
			const less = inside({...container, capabilities: container.capabilities.filter(name => name !== lacking)})
			less.launch()
			expect(await less.ended()).to.equal(1)
			expect(less.log.map(({msg}) => msg).join('\n')).to.include('this node lacks what a service proxy')
			const {exitCode, missing} = await examine(less)
			expect(exitCode).to.equal(1)
			expect(missing).to.include(`capability ${lacking}`)
		})
	}

	// On a machine's own kernel modules are not the tests' to take away.
	if (process.env.KUBE_LVS_KERNEL === 'uml') {
		it('is told of a module that is gone, and whether the node can do without it', async () => {
			const loader = '/proc/sys/kernel/modprobe'
			await sh(`modprobe -r ip_vs_fo; cp ${loader} /run/loader; echo /bin/false >${loader}`)
			expect(await examine(onNode)).to.deep.equal({exitCode: 0, missing: WITHOUT_FO, untried: []})
			await sh('modprobe -r ip_set_hash_ipportnet')
			const {exitCode, missing} = await examine(onNode)
			expect(exitCode).to.equal(1)
			expect(missing).to.include.members(['sets of type hash:ip,port,net', 'IPVS scheduler fo'])
			expect((await examine(onNode, '--prepare')).missing, 'loads it').to.deep.equal(WITHOUT_FO)
			await sh(`cat /run/loader >${loader}`)
		})
	}
})
