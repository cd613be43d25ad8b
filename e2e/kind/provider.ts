import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {ClusterNode, Provider} from '../suite/cluster.ts'
import {IMAGE, NAMESPACE, SCRIPTS} from '../suite/workload.ts'
import {SERVICE_CIDRS} from '../topology/numbering.ts'
import {KindCluster, outsideOf} from './cluster.ts'
import {imageOf} from './kube-lvs.ts'
import {kindConfig, nodeOrigins} from './manifests.ts'
import {byFamily, type PodList} from './pods.ts'
import {type Tools, toolsFor} from './tools.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const NAME = 'kube-lvs-e2e'

/** Two tags of one image are two builds to Kubernetes. */
const IMAGES = [imageOf('first'), imageOf('next')]

/**
 * Clusters of kind, one at a time. Needs Docker, kind, kubectl and Helm, and `ip_vs` in the kernel. All logs of a cluster go
 * to the folder that `KIND_LOGS` names, if it does, before it is removed.
 */
export const kind: Provider = {
	title: 'kind',
	create: async serviceProxy => {
		const folder = await mkdtemp(join(tmpdir(), 'kube-lvs-kind-'))
		const [config, kubeconfig] = [join(folder, 'kind.json'), join(folder, 'kubeconfig')]
		await writeFile(config, JSON.stringify(kindConfig(serviceProxy)))
		const tools = toolsFor(kubeconfig)
		const destroy = async () => {
			if (process.env.KIND_LOGS) {
				const folder = join(process.env.KIND_LOGS, serviceProxy)
				// A cluster that could not be made has none, and why it could not is what is to be said.
				await tools.run('kind', ['export', 'logs', '--name', NAME, folder]).catch(() => undefined)
			}
			await tools.run('docker', ['rm', '--force', outsideOf(NAME)])
			await tools.run('kind', ['delete', 'cluster', '--name', NAME, '--kubeconfig', kubeconfig])
			await rm(folder, {recursive: true, force: true})
		}
		try {
			await tools.run('docker', ['build', ...IMAGES.flatMap(image => ['--tag', image]), ROOT])
			const create = ['create', 'cluster', '--name', NAME, '--config', config, '--kubeconfig', kubeconfig]
			await tools.run('kind', [...create, '--wait', '5m'])
			// Images of a registry the nodes pull themselves: Docker has one platform of them, and kind asks for all.
			await tools.run('kind', ['load', 'docker-image', '--name', NAME, ...IMAGES])
			const workers = await findWorkers(tools)
			await startOutside(tools, workers[0])
			return new KindCluster({tools, name: NAME, workers, nodeOrigins: await startNodeOrigins(tools), destroy})
		} catch (error) {
			await destroy()
			throw error
		}
	},
}

interface NodeList {
	readonly items: readonly {
		readonly metadata: {readonly name: string}
		readonly status: {readonly addresses: readonly {readonly type: string; readonly address: string}[]}
	}[]
}

/** Resolves when they are ready. */
const findWorkers = async (tools: Tools): Promise<readonly [ClusterNode, ClusterNode]> => {
	await tools.run('kubectl', ['wait', 'node', '--all', '--for', 'condition=Ready', '--timeout', '5m'])
	const {items} = await tools.get<NodeList>('nodes', '--selector', '!node-role.kubernetes.io/control-plane')
	const [first, second, ...others] = items.map(({metadata, status}) => {
		const internal = status.addresses.filter(({type}) => type === 'InternalIP')
		return {name: metadata.name, addresses: byFamily(internal.map(({address}) => address))}
	})
	if (!first || !second || others.length > 0) {
		throw new Error(`there should be two workers, not ${items.length}`)
	}
	return [first, second]
}

/** A container on the network of the nodes, with routes to the addresses of Services by way of the first worker. */
const startOutside = async (tools: Tools, {addresses}: ClusterNode): Promise<void> => {
	const outside = outsideOf(NAME)
	const mount = ['--volume', `${SCRIPTS}:${SCRIPTS}:ro`]
	const run = ['run', '--detach', '--name', outside, '--network', 'kind', ...mount, IMAGE, 'sleep', 'infinity']
	await tools.run('docker', run)
	// It has no `ip`; the image of the nodes has.
	const image = await tools.run('docker', ['inspect', '--format', '{{.Config.Image}}', `${NAME}-control-plane`])
	const routes = SERVICE_CIDRS.map(
		cidr => `route add ${cidr} via ${cidr.includes(':') ? addresses.ipv6 : addresses.ipv4}`,
	)
	const network = ['--network', `container:${outside}`, '--cap-add', 'NET_ADMIN']
	const ip = ['run', '--rm', '--interactive', ...network, '--entrypoint', 'ip', image, '-batch', '-']
	await tools.run('docker', ip, {input: routes.join('\n')})
}

/** The pods on the workers, by node. */
const startNodeOrigins = async (tools: Tools): Promise<ReadonlyMap<string, string>> => {
	const inNamespace = ['--namespace', NAMESPACE]
	await tools.run('kubectl', ['create', 'namespace', NAMESPACE])
	await tools.run('kubectl', ['apply', '--filename', '-'], {input: JSON.stringify(nodeOrigins())})
	await tools.run('kubectl', ['rollout', 'status', 'daemonset/node', ...inNamespace, '--timeout', '5m'])
	const {items} = await tools.get<PodList>('pods', ...inNamespace, '--selector', 'app=node')
	return new Map(items.map(({metadata, spec}) => [spec.nodeName ?? '', metadata.name]))
}
