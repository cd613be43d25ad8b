import {get, type IncomingMessage} from 'node:http'
import {SERVER_NAME} from './http/open-server.ts'

/** A kube-proxy that answers on this node. */
export interface LiveKubeProxy {
	/** `127.0.0.1:10249` */
	readonly where: string
	/** Undefined where it does not tell. */
	readonly mode: string | undefined
}

/** The answer to a GET with status 200 from anybody but a kube-lvs; undefined for all else. */
export type Ask = (url: string) => Promise<string | undefined>

/**
 * Asks where kube-proxy listens by default, on this node's own network: it tells its mode beside its metrics, and has a
 * health server that loads are balanced by (kube-proxy server.go, healthcheck/proxy_health.go). One that listens
 * elsewhere is not found.
 */
export const findKubeProxy = async (ask: Ask = askOverHTTP): Promise<LiveKubeProxy | undefined> => {
	for (const host of ['127.0.0.1', '[::1]']) {
		const mode = (await ask(`http://${host}:10249/proxyMode`))?.trim()
		if (mode !== undefined && MODES.has(mode)) {
			return {where: `${host}:10249`, mode}
		}
	}
	for (const host of ['127.0.0.1', '[::1]']) {
		const health = await ask(`http://${host}:10256/livez`)
		if (health !== undefined && /"lastUpdated"\s*:/.test(health)) {
			return {where: `${host}:10256`, mode: undefined}
		}
	}
	return undefined
}

export const formatLiveKubeProxy = (found: LiveKubeProxy): string =>
	`${nameLiveKubeProxy(found)}: beside kube-lvs, each undoes the work of the other, so only one of them may run`

export const nameLiveKubeProxy = ({where, mode}: LiveKubeProxy): string =>
	`a kube-proxy${mode === undefined ? '' : ` in mode ${mode}`} runs on this node (it answers on ${where})`

const MODES: ReadonlySet<string> = new Set(['ipvs', 'iptables', 'nftables'])

/** On the node itself an answer comes at once or never, but for a node that is very busy. */
const TIMEOUT_MILLISECONDS = 3000

const MAX_LENGTH = 4096

const askOverHTTP: Ask = url =>
	new Promise(resolve => {
		const nobody = () => resolve(undefined)
		const request = get(url, {timeout: TIMEOUT_MILLISECONDS, agent: false}, response => {
			readBody(response).then(resolve, nobody)
		})
		request.on('timeout', () => request.destroy())
		request.on('error', nobody)
	})

const readBody = async (response: IncomingMessage): Promise<string | undefined> => {
	let body = ''
	for await (const chunk of response) {
		body += chunk
		if (body.length > MAX_LENGTH) {
			break
		}
	}
	return response.statusCode === 200 && response.headers.server !== SERVER_NAME ? body : undefined
}
