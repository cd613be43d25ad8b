import {expect} from 'chai'
import {endpoint, port, service, slice} from './objects.ts'
import {World} from './world.ts'

const ANNOTATIONS = {
	'kube-router.io/service.scheduler': 'mh',
	'kube-router.io/service.schedflags': 'flag-1,flag-2',
	'kube-router.io/service.local': 'true',
	'kube-router.io/service.hairpin': '',
}

const SERVICE = service({type: 'NodePort', ports: [port({nodePort: 30_080})]}, {annotations: ANNOTATIONS})

const SLICE = slice(['10.244.1.5', endpoint('10.244.2.5')])

const CLUSTER_IP = 'tcp 10.96.0.10:80'

const withWorld = (compatibility: readonly string[], scenario: (world: World) => Promise<void>) => async () => {
	const world = new World({config: {compatibility}}, undefined)
	try {
		await scenario(world)
	} finally {
		await world.stop()
	}
}

describe("Services with kube-router's annotations", () => {
	it(
		'are served as they ask where compatibility says so',
		withWorld(['kube-router'], async world => {
			world.given(SERVICE, SLICE)
			await world.settled()
			expect(world.servers()[CLUSTER_IP]).to.deep.include({scheduler: 'mh', flags: ['scheduler-1', 'scheduler-2']})
			expect(world.realServers(CLUSTER_IP)).to.deep.equal({'10.244.1.5:8080': 1})
			expect(world.problems()).to.deep.equal([])
		}),
	)

	it(
		'change when the annotations change, and say what they do not understand',
		withWorld(['kube-router'], async world => {
			world.given(SERVICE, SLICE)
			await world.settled()
			world.change(service({}, {annotations: {'kube-router.io/service.scheduler': 'sed'}}))
			await world.settled()
			expect(world.servers()[CLUSTER_IP]?.scheduler).to.equal('rr')
			expect(world.problems().join()).to.include('kube-router.io/service.scheduler').and.include('"sed"')
		}),
	)

	it(
		'are served as if they had none otherwise',
		withWorld([], async world => {
			world.given(SERVICE, SLICE)
			await world.settled()
			expect(world.servers()[CLUSTER_IP]?.scheduler).to.equal('rr')
			expect(world.realServers(CLUSTER_IP)).to.have.all.keys('10.244.1.5:8080', '10.244.2.5:8080')
			expect(world.problems()).to.deep.equal([])
		}),
	)
})
