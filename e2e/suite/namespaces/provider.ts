import {readFileSync} from 'node:fs'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {execa} from 'execa'
import {readRole, rightsOf} from '../../../test/support/api-server/role.ts'
import {startApiServer} from '../../../test/support/api-server/start-api-server.ts'
import {KubeLvs, type KubeLvsOptions} from '../../scenario/kube-lvs.ts'
import {nodeObject} from '../../scenario/objects.ts'
import {NO_RATE_LIMIT} from '../../scenario/served-topology.ts'
import {fabricNamespace} from '../../topology/render.ts'
import {createTopology} from '../../topology/topology.ts'
import type {Build, Provider} from '../cluster.ts'
import {NamespacesCluster} from './cluster.ts'

/** Of the API server, which is the test's own process, in the network that the nodes share. */
const API_SERVER = '192.0.2.2'

/** kube-lvs may do there what this grants, and no more. */
const MANIFEST = new URL('../../../manifests/kube-lvs.yaml', import.meta.url)

const POD_NETWORKS = '10.244.0.0/16,fd00:244::/56'

/** How a build of kube-lvs is called; from its sources if not told. */
export type FindProgram = (build: Build) => Promise<readonly string[] | undefined>

export interface NamespacesProvider extends Provider {
	/** Of kube-lvs at the API server: what the manifest grants, and what was asked for in clusters that are gone; sorted. */
	readonly rights: () => {readonly granted: readonly string[]; readonly used: readonly string[]}
}

export const namespaces = (findProgram: FindProgram): NamespacesProvider => {
	const role = readRole(readFileSync(MANIFEST, 'utf8'))
	const used = new Set<string>()
	const create: Provider['create'] = async serviceProxy => {
		const name = 'suite'
		const topology = await createTopology({name, nodes: [{name: 'n1'}, {name: 'n2'}], clients: ['outside']})
		await joinFabric(name)
		await Promise.all(topology.nodes.map(node => topology.exec(node, 'sh', ['-c', NO_RATE_LIMIT])))
		const api = await startApiServer({host: API_SERVER, role, objects: topology.nodes.map(nodeObject)})
		const folder = await mkdtemp(join(tmpdir(), 'kube-lvs-suite-'))
		const kubeconfig = join(folder, 'kubeconfig')
		await writeFile(kubeconfig, JSON.stringify(api.kubeConfig()))
		const args = ['--kubeconfig', kubeconfig, '--cluster-cidr', POD_NETWORKS]
		return new NamespacesCluster({
			topology,
			api,
			isOfKubeProxy: serviceProxy === 'kube-proxy',
			kubeLvs: async (build, ...more) => {
				const program = await findProgram(build)
				return topology.nodes.map(node => new KubeLvs(topology, node, [...args, ...more], optionsOf(program)))
			},
			destroy: async () => {
				await topology.destroy()
				await api.close()
				for (const {right} of api.requests) {
					used.add(right)
				}
				await rm(folder, {recursive: true, force: true})
			},
		})
	}
	return {
		title: 'network namespaces',
		create,
		rights: () => ({granted: [...rightsOf(role)].sort(), used: [...used].sort()}),
	}
}

const optionsOf = (program: readonly string[] | undefined): KubeLvsOptions => (program ? {program} : {})

/** Gives this process an address among the nodes; the link goes with the fabric. */
const joinFabric = async (topology: string): Promise<void> => {
	const fabric = fabricNamespace(topology)
	await execa('sh', ['-e'], {
		input: `ip link add veth-test type veth peer name veth-test netns ${fabric}
			ip addr add ${API_SERVER}/24 dev veth-test
			ip link set veth-test up
			ip -n ${fabric} link set veth-test master outside up`,
	})
}
