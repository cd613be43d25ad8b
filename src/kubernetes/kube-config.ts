import {access} from 'node:fs/promises'
import type {Agent, RequestOptions} from 'node:https'
import {delimiter} from 'node:path'
import type {KubeConfig} from '@kubernetes/client-node'
import type {ApiAccess, ApiCredentials} from './api-access.ts'
import {useTokenFiles} from './token-file.ts'

export interface KubeConfigOptions {
	/** Path of a kubeconfig; else `$KUBECONFIG`, else the service account of the pod. */
	readonly kubeconfig?: string
	/** Addresses of API servers to be used, in this order, instead of the one that is configured there. */
	readonly servers?: readonly string[]
}

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/**
 * Access to the API server as kubectl would find it; rejects when there is no configuration, or no usable one. The only
 * file that loads the Kubernetes library, and only when it is called: that takes most of a second.
 */
export const loadKubeConfig = async (options: KubeConfigOptions = {}): Promise<ApiAccess> => {
	let current: KubeConfig | undefined = await readConfig(options)
	const cluster = current.getCurrentCluster()
	if (!cluster) {
		throw new Error('the kubeconfig has no cluster for its current context')
	}
	const servers = options.servers?.length ? options.servers : [cluster.server]
	return {
		servers: servers.map(server => server.replace(/\/+$/, '')),
		credentials: async () => {
			current ??= await readConfig(options)
			return readCredentials(current)
		},
		forget: () => {
			current = undefined
		},
	}
}

const readConfig = async ({kubeconfig}: KubeConfigOptions): Promise<KubeConfig> => {
	const {KubeConfig} = await import('@kubernetes/client-node/dist/config.js')
	const config = new KubeConfig()
	const files = kubeconfig ? [kubeconfig] : (process.env.KUBECONFIG ?? '').split(delimiter).filter(Boolean)
	if (files.length === 0) {
		if (!process.env.KUBERNETES_SERVICE_HOST || !(await isReadable(SERVICE_ACCOUNT_TOKEN))) {
			throw new Error('no kubeconfig: name one, set KUBECONFIG, or run in a pod with a service account')
		}
		config.loadFromCluster()
	}
	for (const file of files) {
		const part = new KubeConfig()
		part.loadFromFile(file)
		await useTokenFiles(part, file)
		config.mergeConfig(part, Boolean(config.getCurrentContext()))
	}
	return config
}

/** The library's own agent is used for proxies only: it would keep a client certificate after its rotation. */
const readCredentials = async (config: KubeConfig): Promise<ApiCredentials> => {
	const options: RequestOptions = {}
	await config.applyToHTTPSOptions(options)
	const {headers, auth, ca, cert, key, servername, rejectUnauthorized} = options
	const tls = {ca, cert, key, servername, rejectUnauthorized}
	return {
		headers: {...trimValues(headers), ...(auth ? {Authorization: `Basic ${btoa(auth)}`} : {})},
		tls: Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined)),
		...(config.getCurrentCluster()?.proxyUrl ? {agent: options.agent as Agent} : {}),
	}
}

/** Token files end in a newline as often as not. */
const trimValues = (headers: RequestOptions['headers']): Record<string, string> =>
	Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value).trim()]))

const isReadable = (path: string): Promise<boolean> =>
	access(path).then(
		() => true,
		() => false,
	)
