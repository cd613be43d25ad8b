import {DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {NodeModel} from '../../src/controller/node-model.ts'
import {decodeChange} from '../../src/kubernetes/decode-change.ts'
import type {ObjectKind} from '../../src/model/object.ts'
import {MODERN_NODE} from '../../src/state/node-facts.ts'
import {sampleService, sampleSlice} from '../kubernetes/samples.ts'

/*
 * A process of its own, because it needs --expose-gc and a heap of its own: writes how many bytes of the heap a Service with
 * five endpoints keeps, from its JSON to all that it asks of the kernel.
 */

const SERVICES = 2000
const ENDPOINTS = 5

const collect = globalThis.gc
if (!collect) {
	throw new Error('to be run with --expose-gc')
}

const used = (): number => {
	// What the first collection has made unreachable is found by the next.
	for (let round = 0; round < 4; round++) {
		collect()
	}
	return process.memoryUsage().heapUsed
}

const address = (network: number, index: number): string =>
	`${network}.${100 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`

/** As bytes and back again, so that each object has texts of its own, as those from a socket have. */
const arrive = (model: NodeModel, kind: ObjectKind, object: object): void => {
	model.change(decodeChange(kind, JSON.parse(Buffer.from(JSON.stringify(object)).toString())))
}

const load = (services: number): NodeModel => {
	const model = new NodeModel({...DEFAULT_CONFIG, nodeName: 'n1'}, MODERN_NODE)
	for (let index = 0; index < services; index++) {
		const clusterIP = address(10, index)
		const uid = `00000000-1234-4abc-8def-${String(index).padStart(12, '0')}`
		const metadata = {uid, namespace: `team-${index % 50}`, creationTimestamp: '2026-01-01T00:00:00Z'}
		arrive(model, 'Service', sampleService(`service-${index}`, {clusterIP, clusterIPs: [clusterIP]}, metadata))
		const addresses = Array.from({length: ENDPOINTS}, (_, at) => address(11, index * ENDPOINTS + at))
		const labels = {'kubernetes.io/service-name': `service-${index}`}
		const slice = {metadata: {name: `service-${index}-x7k2p`, namespace: metadata.namespace, labels}}
		arrive(model, 'EndpointSlice', sampleSlice('', addresses, slice))
	}
	model.update({hostAddresses: new Set(), gateways: new Set()})
	return model
}

// What is compiled and remembered by the way is there before anything is measured.
load(50)
const before = used()
const model = load(SERVICES)
const bytes = (used() - before) / SERVICES
if (model.wanted.virtualServers.size !== SERVICES) {
	throw new Error(`${model.wanted.virtualServers.size} virtual servers of ${SERVICES}`)
}
console.log(Math.round(bytes))
