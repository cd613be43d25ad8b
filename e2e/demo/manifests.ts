import {cp, mkdtemp, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type Document, isMap, isSeq, parse, parseAllDocuments} from 'yaml'
import {FAMILIES, type Family} from '../topology/hosts.ts'

const FOLDER = fileURLToPath(new URL('../../manifests/demo', import.meta.url))
const ENDPOINTS = 'web-endpoints.yaml'

/** A VIP of the Service `web`: one address of it in one family, with its ports. */
export interface Vip {
	readonly kind: string
	readonly family: Family
	readonly address: string
	readonly tcp: number
	readonly udp: number
}

/** A copy of `manifests/demo`, to be edited while kube-lvs serves it. */
export class Manifests {
	readonly path: string

	constructor(path: string) {
		this.path = path
	}

	/** To where a test kernel has what is its own: it goes with it. */
	static async copy(): Promise<Manifests> {
		const path = await mkdtemp('/run/kube-lvs-demo-')
		await cp(FOLDER, path, {recursive: true})
		return new Manifests(path)
	}

	/** All addresses that `web.yaml` asks for, and those of the node in `node.yaml` for its node ports. */
	async vips(): Promise<readonly Vip[]> {
		const [{spec, status}, node] = await Promise.all([this.#read('web.yaml'), this.#read('node.yaml')])
		const [tcp, udp] = spec.ports
		const ports = {tcp: tcp.port, udp: udp.port}
		const nodeAddresses = node.status.addresses.filter(({type}: {type: string}) => type === 'InternalIP')
		return [
			...vipsOf('ClusterIP', spec.clusterIPs, ports),
			...vipsOf('NodePort', addressesOf(nodeAddresses, 'address'), {tcp: tcp.nodePort, udp: udp.nodePort}),
			...vipsOf('external IP', spec.externalIPs, ports),
			...vipsOf('LoadBalancer', addressesOf(status.loadBalancer.ingress, 'ip'), ports),
		]
	}

	/** The ClusterIPs of the Service `sticky`. */
	async stickyAddresses(): Promise<readonly string[]> {
		const [service] = parseAllDocuments(await readFile(join(this.path, 'sticky.yaml'), 'utf8'))
		return (service as Document).toJS().spec.clusterIPs
	}

	/** Takes a pod out of both EndpointSlices of `web`; gives the addresses that are gone. */
	async removeEndpoint(pod: string): Promise<readonly string[]> {
		const removed: string[] = []
		const documents = parseAllDocuments(await readFile(join(this.path, ENDPOINTS), 'utf8'))
		for (const document of documents) {
			const endpoints = 'get' in document ? document.get('endpoints') : undefined
			if (!isSeq(endpoints)) continue
			const index = endpoints.items.findIndex(item => isMap(item) && item.getIn(['targetRef', 'name']) === pod)
			removed.push(String(endpoints.getIn([index, 'addresses', 0])))
			endpoints.delete(index)
		}
		await this.#replace(documents.map(String).join(''))
		return removed
	}

	/** Puts back what `removeEndpoint` took. */
	async restoreEndpoints(): Promise<void> {
		await this.#replace(await readFile(join(FOLDER, ENDPOINTS), 'utf8'))
	}

	async remove(): Promise<void> {
		await rm(this.path, {recursive: true, force: true})
	}

	async #read(name: string) {
		return parse(await readFile(join(this.path, name), 'utf8'))
	}

	/** As an editor does: the new file takes the place of the old one at once. */
	async #replace(text: string): Promise<void> {
		const file = join(this.path, ENDPOINTS)
		await writeFile(`${file}.part`, text)
		await rename(`${file}.part`, file)
	}
}

const addressesOf = (list: readonly Record<string, string>[], key: string): readonly string[] =>
	list.map(item => String(item[key]))

const vipsOf = (kind: string, addresses: readonly string[], ports: {tcp: number; udp: number}): readonly Vip[] =>
	FAMILIES.flatMap(family =>
		addresses
			.filter(address => address.includes(':') === (family === 'ipv6'))
			.map(address => ({kind, family, address, ...ports})),
	)
