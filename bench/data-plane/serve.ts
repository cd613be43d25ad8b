/**
 * `node bench/data-plane/serve.ts SERVICES POD...`, in the network of a node: kube-lvs's own controller makes so many
 * Services. The pods are the endpoints of the ten that get traffic, those of all others are nowhere. What it made stays
 * when it ends. The last line on stdout has the addresses of the ten, as JSON.
 */
import type {KubernetesObject} from '../../e2e/scenario/objects.ts'
import {parsePrefix} from '../../src/net/prefix.ts'
import {makeObjects, type Objects} from '../objects.ts'
import {feed, openOwnNode} from '../own/own-node.ts'

/** So many Services get traffic, spread evenly: how long the kernel looks for one depends on when it was made. */
const TARGETS = 10

/** Of the outside client: it counts as a pod of another node, so its packets are not masqueraded. */
const CLIENTS = '192.0.2.0/24'

const withPods = (objects: Objects, targets: readonly number[], pods: readonly string[]): Objects => {
	const names = new Set(targets.flatMap(target => objects.slices(target).map(({metadata}) => metadata.name)))
	const endpoints = pods.map(address => ({addresses: [address], conditions: {ready: true}}))
	const all = function* (): Generator<KubernetesObject> {
		for (const object of objects.all()) {
			yield object.kind === 'EndpointSlice' && names.has(object.metadata.name) ? {...object, endpoints} : object
		}
	}
	return {...objects, all}
}

const [services = '', ...pods] = process.argv.slice(2)
const objects = makeObjects({services: Number(services), endpoints: 5})
const targets = Array.from({length: TARGETS}, (_, at) => Math.floor((at * objects.services) / TARGETS))
const node = await openOwnNode({clusterCIDR: [parsePrefix(CLIENTS)].flatMap(prefix => prefix ?? [])})
feed(node.controller, withPods(objects, targets, pods))
const first = node.next()
node.start()
await first
await node.close()
const addressOf = (target: number): string => (objects.service(target).spec as {readonly clusterIP: string}).clusterIP
process.stdout.write(`\n${JSON.stringify(targets.map(addressOf))}\n`)
