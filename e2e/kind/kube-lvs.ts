import {fileURLToPath} from 'node:url'
import type {Build} from '../suite/cluster.ts'
import {until} from '../suite/until.ts'
import {NAMESPACE} from '../suite/workload.ts'
import {cleanupPod, POD_NETWORKS} from './manifests.ts'
import {isReady, type PodList} from './pods.ts'
import type {Tools} from './tools.ts'

const CHART = fileURLToPath(new URL('../../charts/kube-lvs', import.meta.url))
const RELEASE = ['--namespace', 'kube-system']
const SELECTOR = ['--selector', 'app.kubernetes.io/name=kube-lvs']

export const imageOf = (build: Build): string => `kube-lvs:${build}`

/** kube-lvs on a cluster, as its documentation tells an operator to install and to remove it. */
export class InstalledKubeLvs {
	readonly #tools: Tools
	readonly #name: string

	/** On the cluster of this name. */
	constructor(tools: Tools, name: string) {
		this.#tools = tools
		this.#name = name
	}

	/** On all nodes. */
	async install(build: Build): Promise<void> {
		await this.#helm(build, ['--set', 'nodes=all'])
		await this.#kubectl('rollout', 'status', 'daemonset/kube-lvs', ...RELEASE, '--timeout', '5m')
	}

	/** On one node after the other, in the place of kube-proxy, with its settings. */
	async takeOver(nodes: readonly string[]): Promise<void> {
		await this.#helm('first', ['--set', 'kubeProxyConfig.configMap=kube-proxy'])
		const patch = {spec: {template: {spec: {affinity: NOT_ON_LABELLED}}}}
		await this.#kubectl('patch', 'daemonset', 'kube-proxy', ...RELEASE, '--patch', JSON.stringify(patch))
		await this.#kubectl('rollout', 'status', 'daemonset/kube-proxy', ...RELEASE, '--timeout', '5m')
		for (const node of nodes) {
			await this.#kubectl('label', 'node', node, 'kube-lvs.io/serve=true')
			await until(
				`kube-lvs on ${node}`,
				() => '',
				async () => {
					const {items} = await this.#tools.get<PodList>('pods', ...RELEASE, ...SELECTOR)
					return items.some(pod => pod.spec.nodeName === node && isReady(pod))
				},
			)
		}
	}

	/** And what it made on these nodes. */
	async uninstall(nodes: readonly string[], build: Build): Promise<void> {
		await this.#tools.run('helm', ['uninstall', 'kube-lvs', ...RELEASE])
		await this.#kubectl('wait', 'pod', '--for', 'delete', ...RELEASE, ...SELECTOR, '--timeout', '5m')
		for (const node of nodes) {
			const pod = cleanupPod(node, imageOf(build))
			await this.#tools.run('kubectl', ['apply', '--filename', '-'], {input: JSON.stringify(pod)})
			const isDone = ['--for', 'jsonpath={.status.phase}=Succeeded', '--timeout', '2m']
			await this.#kubectl('wait', `pod/${pod.metadata.name}`, '--namespace', NAMESPACE, ...isDone)
		}
	}

	#helm(build: Build, values: readonly string[]): Promise<string> {
		return this.#tools.run('helm', [
			...['upgrade', '--install', 'kube-lvs', CHART, ...RELEASE],
			...['--set', 'image.repository=kube-lvs', '--set', `image.tag=${build}`],
			...['--set', `apiServers={https://${this.#name}-control-plane:6443}`],
			...['--set', `config.clusterCIDR={${POD_NETWORKS.join()}}`],
			...values,
		])
	}

	#kubectl(...args: readonly string[]): Promise<string> {
		return this.#tools.run('kubectl', args)
	}
}

/** Nodes with the label are those of kube-lvs. */
const NOT_ON_LABELLED = {
	nodeAffinity: {
		requiredDuringSchedulingIgnoredDuringExecution: {
			nodeSelectorTerms: [{matchExpressions: [{key: 'kube-lvs.io/serve', operator: 'DoesNotExist'}]}],
		},
	},
}
