import {cp, mkdtemp, readFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {Manifests} from '../../e2e/demo/manifests.ts'
import {differences} from '../../e2e/demo/node-state.ts'
import {POD_PORTS} from '../../e2e/demo/stage.ts'
import {numberNode, numberPod} from '../../e2e/topology/numbering.ts'
import {systemClock} from '../../src/clock.ts'
import {createStandaloneSource} from '../../src/kubernetes/standalone-source.ts'
import type {EndpointSlice} from '../../src/model/endpoint-slice.ts'
import type {Node} from '../../src/model/node.ts'
import {createRecordingSink, type RecordingSink} from '../kubernetes/recording-sink.ts'

const FOLDER = fileURLToPath(new URL('../../manifests/demo', import.meta.url))
const NODE = numberNode('demo', 'n1', 0)
const PODS = ['a', 'b', 'c'].map((name, index) => numberPod(NODE, name, index))

describe('the manifests of the demo', () => {
	let sink: RecordingSink
	before(async () => {
		sink = await readFolder(FOLDER)
	})

	it('are read without any problem', () => {
		expect(sink.problems).to.deep.equal([])
		expect(sink.keys('Service')).to.deep.equal(['demo/sticky', 'demo/web'])
		for (const object of sink.objects.values()) {
			expect('problems' in object ? object.problems : []).to.deep.equal([])
		}
	})

	it('name the node and the pods of the topology, and the ports that pods listen on', () => {
		const node = [...sink.objects].find(([key]) => key.startsWith('Node '))?.[1] as Node
		expect(node.addresses).to.deep.equal(Object.values(NODE.addresses))
		const slices = [...sink.objects].filter(([key]) => key.startsWith('EndpointSlice ')).map(([, object]) => object)
		expect(slices).to.have.length(4)
		for (const {family, endpoints, ports} of slices as EndpointSlice[]) {
			const expected = PODS.map(pod => pod.addresses[family as 'ipv4' | 'ipv6'])
			expect(endpoints.map(({address}) => address)).to.deep.equal(expected)
			expect(POD_PORTS).to.include.members(ports.map(({port}) => port))
		}
	})
})

describe('the live copy of the manifests', () => {
	let manifests: Manifests
	beforeEach(async () => {
		const path = await mkdtemp(join(tmpdir(), 'kube-lvs-'))
		await cp(FOLDER, path, {recursive: true})
		manifests = new Manifests(path)
	})
	afterEach(() => manifests.remove())

	it('loses one pod in both families, and nothing else', async () => {
		expect(await manifests.removeEndpoint('b')).to.deep.equal(['10.244.1.3', 'fd00:244:0:1::3'])
		const sink = await readFolder(manifests.path)
		expect(sink.problems).to.deep.equal([])
		const counts = [...sink.objects].flatMap(([key, object]) =>
			'endpoints' in object ? [[key, object.endpoints.length]] : [],
		)
		expect(Object.fromEntries(counts)).to.deep.equal({
			'EndpointSlice demo/sticky-ipv4': 3,
			'EndpointSlice demo/sticky-ipv6': 3,
			'EndpointSlice demo/web-ipv4': 2,
			'EndpointSlice demo/web-ipv6': 2,
		})
	})

	it('gets it back', async () => {
		await manifests.removeEndpoint('b')
		await manifests.restoreEndpoints()
		const read = (folder: string) => readFile(join(folder, 'web-endpoints.yaml'), 'utf8')
		expect(await read(manifests.path)).to.equal(await read(FOLDER))
	})

	it('tells which addresses to ask', async () => {
		const vips = (await manifests.vips()).map(({kind, address, tcp, udp}) => `${kind} ${address} ${tcp} ${udp}`)
		expect(vips).to.include.members(['ClusterIP fd00:96::a 80 53', 'NodePort 192.0.2.10 30080 30053'])
		expect(vips).to.have.length(8)
		expect(await manifests.stickyAddresses()).to.deep.equal(['10.96.0.11', 'fd00:96::b'])
	})
})

describe('what is left on a node', () => {
	it('is told with what came and what went', () => {
		const before = new Map([['sets', ['mine']]])
		expect(differences(before, before)).to.deep.equal([])
		expect(differences(before, new Map([['sets', ['KUBE-CLUSTER-IP']]]))).to.deep.equal([
			'- sets: mine',
			'+ sets: KUBE-CLUSTER-IP',
		])
	})
})

const readFolder = async (path: string): Promise<RecordingSink> => {
	const sink = createRecordingSink()
	const stop = new AbortController()
	const synced = (kind: string) => {
		sink.log.push(`synced ${kind}`)
		if (kind === 'ServiceCIDR') stop.abort()
	}
	await createStandaloneSource({path, clock: systemClock}).run({...sink, synced}, stop.signal)
	return sink
}
