import {expect} from 'chai'
import {formatExplanation} from '../../src/explain/format.ts'
import {port, service, slice} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'

describe('the explanation of a Service', () => {
	let world: World

	beforeEach(() => {
		world = new World({}, undefined)
	})

	afterEach(() => world.stop())

	const linesOf = (name: string): readonly string[] => {
		const explanation = world.controller.explain(name)
		return explanation ? formatExplanation(explanation) : []
	}

	const NOT_SERVED = {
		'it has no ClusterIP': service({clusterIP: 'None', clusterIPs: ['None']}),
		'it is of type ExternalName': service({type: 'ExternalName', clusterIP: '', clusterIPs: []}),
		'this node serves none of its families': service({clusterIPs: ['fd00:96::a'], clusterIP: 'fd00:96::a'}),
	}
	for (const [why, object] of Object.entries(NOT_SERVED)) {
		it(`says why nothing is served: ${why}`, async () => {
			await world.stop()
			world = new World({facts: {families: ['ipv4']}}, undefined)
			world.given(object, slice())
			await world.settled()
			expect(linesOf('ns/s')[1]).to.equal(`  not served here: ${why}`)
		})
	}

	it('is none of a Service that there is not', async () => {
		world.given(service(), slice())
		await world.settled()
		expect(world.controller.explain('ns/other')).to.equal(undefined)
		expect(world.controller.explain('')).to.equal(undefined)
	})

	it('cannot be given before the first sync', () => {
		world.start()
		expect(() => world.controller.explain('ns/s')).to.throw('not all objects have been listed yet')
	})

	it('says that the kernel does not have what it refused', async () => {
		world.given(service(), slice(['10.244.1.5']))
		await world.settled()
		world.kernel.failNext({kind: 'errno', errno: 'ENOMEM'})
		world.change(slice(['10.244.1.5', '10.244.2.5']))
		await world.advance(100)
		expect(linesOf('ns/s').join('\n')).to.match(/10\.244\.2\.5:8080 .* not in the kernel yet/)
	})

	it('says that endpoints which terminate serve where none is ready', async () => {
		world.given(
			service(),
			slice([{addresses: ['10.244.1.5'], conditions: {ready: false, serving: true, terminating: true}}]),
		)
		await world.settled()
		expect(linesOf('ns/s').at(-1)).to.match(/weight 1 \(default\), it terminates, but none is ready$/)
	})

	it('tells of a port with a node port the weight that is there, not that of the group', async () => {
		const [a, b] = [port({name: 'a', port: 80}), port({name: 'b', port: 81, nodePort: 30_081})]
		const weights = {'kube-lvs.io/weights': 'default 7'}
		world.given(
			service({type: 'NodePort', ports: [a, b]}, {annotations: {'kube-lvs.io/group-ports': 'true'}}),
			slice(['10.244.1.5'], {name: 's-a', ports: [{name: 'a', protocol: 'TCP', port: 80}], annotations: weights}),
			slice(['10.244.1.5'], {name: 's-b', ports: [{name: 'b', protocol: 'TCP', port: 81}]}),
		)
		await world.settled()
		expect(world.realServers('tcp 192.0.2.10:30081')).to.deep.equal({'10.244.1.5:81': 1})
		const told = world.controller
			.explain('ns/s')
			?.ports.items.map(({name, endpoints}) => [name, endpoints.items.map(({cluster}) => cluster?.weight?.now)])
		expect(told).to.deep.equal([
			['a', [7]],
			['b', [1]],
		])
	})

	for (const [compatibility, line] of [
		[['kube-router'], '  kube-router.io/service.scheduler: lc (`kube-lvs.io/scheduler` with the same value)'],
		[[], '  kube-router.io/service.scheduler: IGNORED: it is one of kube-router, which compatibility does not name'],
	] as const) {
		it(`has the annotations of kube-router, with compatibility [${compatibility}]`, async () => {
			await world.stop()
			world = new World({config: {compatibility}}, undefined)
			world.given(service({}, {annotations: {'kube-router.io/service.scheduler': 'lc'}}), slice())
			await world.settled()
			expect(linesOf('ns/s')).to.include(line)
		})
	}

	it('is short however large the Service is', async () => {
		const addresses = Array.from({length: 300}, (_, at) => `10.244.${1 + (at >> 8)}.${at & 255}`)
		const ports = Array.from({length: 60}, (_, at) => port({name: `p${at}`, port: 1000 + at}))
		const annotations = Object.fromEntries(
			Array.from({length: 100}, (_, at) => [`kube-lvs.io/unknown-${at}`, 'x'.repeat(10_000)]),
		)
		const slicePorts = ports.map((_, at) => ({name: `p${at}`, protocol: 'TCP', port: 8080}))
		world.given(service({ports}, {annotations}), slice(addresses, {ports: slicePorts}))
		await world.advance(100)
		const explanation = world.controller.explain('ns/s')
		expect(explanation?.ports).to.include({more: 20})
		expect(explanation?.ports.items[0]?.endpoints).to.include({more: 100})
		expect(explanation?.annotations).to.include({more: 50})
		expect(
			explanation?.annotations.items.every(({ignored}) => ignored === 'Services have no such annotation'),
		).to.equal(true)
		expect(JSON.stringify(explanation).length).to.be.below(2_500_000)
		expect(linesOf('ns/s')).to.include.members(['and 20 ports more', '  and 100 endpoints more'])
	})
})
