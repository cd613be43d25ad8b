import {readFile} from 'node:fs/promises'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {parseAllDocuments} from 'yaml'

export interface PodServer {
	readonly url: string
	/** Requests as they came, with their query: those to list, get and enter pods. */
	readonly requests: readonly URL[]
	readonly close: () => Promise<void>
}

const MANIFEST = new URL('../../manifests/kube-lvs.yaml', import.meta.url)

/** The pods of the DaemonSet in the manifests, on two nodes. */
const readPods = async (): Promise<readonly Pod[]> => {
	const daemonSet = parseAllDocuments(await readFile(MANIFEST, 'utf8'))
		.map(document => document.toJS())
		.find(({kind}) => kind === 'DaemonSet')
	const {metadata, spec} = daemonSet.spec.template
	return ['n1', 'n2'].map(node => ({
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: {...metadata, name: `kube-lvs-${node}`, namespace: daemonSet.metadata.namespace},
		spec: {...spec, nodeName: node},
		status: {phase: 'Running'},
	}))
}

interface Pod {
	readonly metadata: {
		readonly name: string
		readonly namespace: string
		readonly labels: Readonly<Record<string, string>>
	}
	readonly spec: {readonly nodeName: string}
	readonly status: {readonly phase: string}
}

/** As much of an API server as kubectl asks for pods; nobody may enter any. */
export const startPodServer = async (): Promise<PodServer> => {
	const requests: URL[] = []
	const pods = await readPods()
	const answer = (request: IncomingMessage, response: ServerResponse) => {
		const url = new URL(request.url ?? '/', 'http://localhost')
		const {status, body} = answerTo(url, pods)
		if (url.pathname.includes('/pods')) {
			requests.push(url)
		}
		response.writeHead(status, {'Content-Type': 'application/json'}).end(JSON.stringify(body))
	}
	const server = createServer(answer)
	server.on('upgrade', (request, socket) => {
		requests.push(new URL(request.url ?? '/', 'http://localhost'))
		socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
	})
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		close: () =>
			new Promise(resolve => {
				server.closeAllConnections()
				server.close(() => resolve())
			}),
	}
}

interface Answer {
	readonly status: number
	readonly body: object
}

const answerTo = ({pathname, searchParams}: URL, pods: readonly Pod[]): Answer => {
	const [, namespace, name] = /^\/api\/v1\/namespaces\/([^/]+)\/pods(?:\/([^/]+))?$/.exec(pathname) ?? []
	const ofNamespace = pods.filter(({metadata}) => metadata.namespace === namespace)
	const pod = ofNamespace.find(({metadata}) => metadata.name === name)
	switch (pathname) {
		case '/api':
			return found({kind: 'APIVersions', versions: ['v1']})
		case '/apis':
			return found({kind: 'APIGroupList', apiVersion: 'v1', groups: []})
		case '/api/v1':
			return found({kind: 'APIResourceList', groupVersion: 'v1', resources: [POD_RESOURCE]})
		default:
			if (pod) {
				return found(pod)
			}
			return namespace !== undefined && name === undefined
				? found({kind: 'PodList', apiVersion: 'v1', metadata: {}, items: selected(ofNamespace, searchParams)})
				: {status: 403, body: {kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 403, message: 'no entry'}}
	}
}

const found = (body: object): Answer => ({status: 200, body})

const POD_RESOURCE = {name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['get', 'list']}

const selected = (pods: readonly Pod[], query: URLSearchParams): readonly Pod[] => {
	const fits = (selector: string | null, fields: Readonly<Record<string, string>>) =>
		(selector ?? '')
			.split(',')
			.filter(Boolean)
			.map(part => part.split('='))
			.every(([field = '', value]) => fields[field] === value)
	return pods.filter(
		({metadata: {labels}, spec: {nodeName}, status: {phase}}) =>
			fits(query.get('labelSelector'), labels) &&
			fits(query.get('fieldSelector'), {'spec.nodeName': nodeName, 'status.phase': phase}),
	)
}
