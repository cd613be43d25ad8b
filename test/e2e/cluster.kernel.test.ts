import {once} from 'node:events'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {parse} from 'yaml'
import {bundle, PROGRAM} from '../../bundle/bundle.ts'
import {KubeLvs} from '../../e2e/scenario/kube-lvs.ts'
import {type KubernetesObject, serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {ObjectsFolder} from '../../e2e/scenario/objects-folder.ts'
import {ECHO_PORT} from '../../e2e/scenario/served-topology.ts'
import {tally} from '../../e2e/topology/answer.ts'
import {startEcho} from '../../e2e/topology/echo.ts'
import {probe} from '../../e2e/topology/probe.ts'
import {createTopology, type Topology} from '../../e2e/topology/topology.ts'
import {eventually} from '../support/eventually.ts'

const API_SERVER = fileURLToPath(new URL('../support/api-server/main.ts', import.meta.url))

/** How kube-lvs is called; nothing means from its sources, or as the environment says. */
const PROGRAMS: Readonly<Record<string, (folder: string) => Promise<readonly string[] | undefined>>> = {
	'kube-lvs in a cluster': async () => undefined,
	'the bundle in a cluster': async folder => {
		await bundle(join(folder, 'bundle'))
		return [join(folder, 'bundle', PROGRAM)]
	},
}

for (const [title, prepare] of Object.entries(PROGRAMS))
	describe(title, function () {
		this.timeout(300_000)
		let topology: Topology
		let objects: ObjectsFolder
		let folder: string | undefined
		let kubeLvs: KubeLvs
		let control: (command?: object) => Promise<string>

		before(async () => {
			topology = await createTopology({
				name: 'cluster',
				nodes: [{name: 'n1', pods: ['a', 'b']}],
				clients: ['outside', 'apiserver'],
			})
			await Promise.all(topology.pods.map(pod => startEcho(topology, pod, {ports: [ECHO_PORT]})))
			objects = await ObjectsFolder.create()
			await objects.apply(serviceObject({name: 'web', number: 10}), ...sliceObjects('web', topology.pods))

			folder = await mkdtemp(join(tmpdir(), 'kube-lvs-cluster-'))
			const kubeconfig = join(folder, 'kubeconfig')
			const host = topology.client('apiserver')
			const address = host.addresses.ipv4
			const args = [
				'--objects',
				objects.path,
				'--kubeconfig-out',
				kubeconfig,
				'--host',
				address,
				'--advertise',
				address,
			]
			await once(topology.spawn(host, 'node', [API_SERVER, ...args]).stdout as NodeJS.EventEmitter, 'data')

			const {clusters, users} = parse(await readFile(kubeconfig, 'utf8'))
			const {server} = clusters[0].cluster
			control = async command => {
				const data = command ? ['--data', JSON.stringify(command)] : []
				const header = `Authorization: Bearer ${users[0].user.token}`
				const {stdout} = await topology.exec(host, 'curl', ['-fsk', '-H', header, ...data, `${server}/control`])
				return stdout
			}
			const flags = ['--kubeconfig', kubeconfig, '--cluster-cidr', '10.244.0.0/16']
			kubeLvs = new KubeLvs(topology, topology.node('n1'), flags, await prepare(folder))
			await kubeLvs.start()
		})

		after(async () => {
			await kubeLvs?.stop('SIGKILL')
			await topology?.destroy()
			await objects?.remove()
			folder && (await rm(folder, {recursive: true, force: true}))
		})

		const ask = async (address: string) => {
			const outside = topology.client('outside')
			return tally(await probe(topology, outside, {address, port: 80, count: 4}))
		}
		const put = (object: KubernetesObject) => control({put: object})

		it('serves what the API server lists', async () => {
			expect(await ask('10.96.0.10')).to.deep.equal({a: 2, b: 2})
			expect(await ask('fd00:96::a')).to.deep.equal({a: 2, b: 2})
		})

		it('follows what it watches', async () => {
			await kubeLvs.nextSync(() => put(serviceObject({name: 'web', number: 10, externalIPs: ['203.0.113.9']})))
			expect(await ask('203.0.113.9')).to.deep.equal({a: 2, b: 2})
		})

		it('writes an Event on a Service that asks for an address in use', async () => {
			const from = kubeLvs.log.length
			await put(
				serviceObject({name: 'late', number: 11, externalIPs: ['203.0.113.9'], createdAt: '2099-01-01T00:00:00Z'}),
			)
			await kubeLvs.waitFor(({msg}) => msg.includes('older Service demo/web'), from)
			await eventually(async () => expect(await control()).to.include('AddressInUse'), 60_000)
			expect(await ask('203.0.113.9')).to.deep.equal({a: 2, b: 2})
		})

		it('keeps serving while the API server is away', async () => {
			const from = kubeLvs.log.length
			await control({fault: {fault: 'reset', times: 100}})
			await control({fault: {fault: 'drop'}})
			await kubeLvs.waitFor(({level}) => level === 'warn', from)
			expect(await ask('10.96.0.10')).to.deep.equal({a: 2, b: 2})
			await control({clearFaults: true})
		})
	})
