import {expect} from 'chai'
import {serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {faultsIn, labelsIn, readDocumented, scrape, typesIn, valueIn} from '../../e2e/scenario/scraped-metrics.ts'
import {createServedTopology, type ServedTopology} from '../../e2e/scenario/served-topology.ts'
import {probe} from '../../e2e/topology/probe.ts'
import {eventually} from '../support/eventually.ts'

const CONNECTIONS = 6
const VIP = 'virtual_server="tcp 203.0.113.5:80"'

describe('the metrics of a running kube-lvs', function () {
	this.timeout(300_000)
	let served: ServedTopology
	let text = ''

	const node = () => served.topology.at(served.topology.node('n1'))

	before(async () => {
		served = await createServedTopology('metrics', '--traffic-metrics', 'endpoint')
		const {objects, topology, kubeLvs} = served
		await objects.apply(
			serviceObject({name: 'web', number: 10, externalIPs: ['203.0.113.5']}),
			serviceObject({name: 'idle', number: 11}),
			...sliceObjects('web', topology.pods),
			...sliceObjects('idle', topology.pods),
		)
		await kubeLvs.start()
		const answers = await probe(topology, topology.client('outside'), {
			address: '203.0.113.5',
			port: 80,
			count: CONNECTIONS,
			timeoutMs: 3000,
		})
		expect(answers).to.have.lengthOf(CONNECTIONS)
		// The kernel adds up its counters every two seconds, perhaps between two that a scrape reads.
		await eventually(async () => {
			text = await scrape(node())
			expect(valueIn(text, 'kube_lvs_connections_total')).to.equal(CONNECTIONS)
			expect(valueIn(text, 'kube_lvs_service_connections_total', VIP)).to.equal(CONNECTIONS)
			expect(valueIn(text, 'kube_lvs_endpoint_connections_total', VIP)).to.equal(CONNECTIONS)
		}, 60_000)
	})

	after(() => served?.destroy())

	it('are in order for Prometheus, but for a name of kube-proxy', async () => {
		expect(await faultsIn(text)).to.deep.equal([])
	})

	it('are those of docs/metrics.md, with their types and labels, and no others', () => {
		const documented = readDocumented()
		expect(typesIn(text)).to.deep.equal(new Map([...documented].map(([name, {type}]) => [name, type])))
		const ofTheirOwn = labelsIn(text).filter(([name]) => /^kube(_lvs|proxy)_/.test(name))
		const wrong = ofTheirOwn.filter(([name, labels]) => {
			const known = documented.get(name)?.labels ?? []
			return labels.length !== known.length || labels.some(label => !known.includes(label))
		})
		expect(wrong).to.deep.equal([])
		expect(ofTheirOwn.length).to.be.above(100)
	})

	it('count what passes through each Service and endpoint as IPVS does', async () => {
		expect(text).to.include('service_name="web"').and.not.include('service_name="idle"')
		const args = ['-Ln', '--stats', '--exact', '-t', '203.0.113.5:80']
		await eventually(async () => {
			const {stdout: stats} = await node().exec('ipvsadm', args)
			const [connections, , , bytes] = /TCP +203\.0\.113\.5:80 +(.*)/.exec(stats)?.[1]?.split(/ +/).map(Number) ?? []
			expect(connections).to.equal(CONNECTIONS)
			expect(valueIn(await scrape(node()), 'kube_lvs_service_incoming_bytes_total', VIP)).to.equal(bytes)
		})
	})
})
