import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'chai'
import {serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {createServedTopology, type ServedTopology} from '../../e2e/scenario/served-topology.ts'

const kubeProxyFile = (scheduler: string) => `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: ipvs
ipvs: {schedular: mh, scheduler: ${scheduler}}
`

/** The file lies in memory: a kernel in user mode tells nobody of changes in the file system of its host. */
describe('the configuration of kube-proxy', function () {
	this.timeout(300_000)
	let folder: string
	let path: string
	let served: ServedTopology

	before(async () => {
		folder = await mkdtemp('/dev/shm/kube-lvs-')
		path = join(folder, 'config.conf')
		await writeFile(path, kubeProxyFile('wrr'))
		served = await createServedTopology('configuration', '--kube-proxy-config', path)
		await served.objects.apply(
			serviceObject({name: 'web', number: 10, nodePort: 30080}),
			...sliceObjects('web', served.topology.pods),
		)
	})

	after(async () => {
		await served?.destroy()
		await rm(folder, {recursive: true})
	})

	const schedulers = async (): Promise<readonly string[]> => {
		const {stdout} = await served.kubeLvs.command('status', '-o', 'json')
		const {virtualServers} = JSON.parse(stdout)
		return [...new Set<string>(virtualServers.map(({scheduler}: {scheduler: string}) => scheduler))]
	}

	it('counts, and what of it does not is in the log', async () => {
		await served.kubeLvs.start()
		expect(await schedulers()).to.deep.equal(['wrr'])
		expect(served.kubeLvs.log.find(({msg}) => msg.includes('ipvs.schedular'))).to.include({
			level: 'warn',
			msg: "kube-proxy's configuration: ipvs.schedular: there is no such field; it is ignored",
		})
	})

	it('ends the process with an error when it is written again, and counts from the next start on', async () => {
		const ended = served.kubeLvs.ended()
		await writeFile(path, kubeProxyFile('lc'))
		expect(await ended).to.equal(1)
		expect(served.kubeLvs.log.at(-1)?.msg).to.match(/config\.conf has changed/)
		await served.kubeLvs.start()
		expect(await schedulers()).to.deep.equal(['lc'])
	})
})

describe('the networks of the pods of this node, where they tell which pods are local', function () {
	this.timeout(300_000)
	let served: ServedTopology

	const nodeObject = (podCIDR: string) => ({
		apiVersion: 'v1',
		kind: 'Node',
		metadata: {name: 'n1'},
		spec: {podCIDR, podCIDRs: [podCIDR]},
	})

	before(async () => {
		served = await createServedTopology('pod-cidrs', '--detect-local-mode', 'NodeCIDR')
		await served.objects.apply(nodeObject('10.244.1.0/24'))
	})

	after(() => served?.destroy())

	it('end the process with an error when they change, and count from the next start on', async () => {
		await served.kubeLvs.start()
		const ended = served.kubeLvs.ended()
		await served.objects.apply(nodeObject('10.244.9.0/24'))
		expect(await ended).to.equal(1)
		expect(served.kubeLvs.log.at(-1)?.msg).to.match(
			/podCIDRs of node n1 were 10\.244\.1\.0\/24 and are 10\.244\.9\.0\/24/,
		)
		await served.kubeLvs.start()
		const {topology} = served
		const {stdout} = await topology.exec(topology.node('n1'), 'iptables-legacy', ['-t', 'nat', '-S', 'KUBE-SERVICES'])
		expect(stdout).to.match(/ ! -s 10\.244\.9\.0\/24 /)
	})
})
