import {expect} from 'chai'
import {port, service, slice} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'

const VIP = 'tcp 10.96.0.10:80'
const OTHER_VIP = 'tcp 10.96.0.11:80'
const annotated = (annotations: Readonly<Record<string, string>>, spec = {}) =>
	service(spec, {
		annotations: Object.fromEntries(Object.entries(annotations).map(([name, text]) => [`kube-lvs.io/${name}`, text])),
	})
const other = () => service({clusterIP: '10.96.0.11'}, {name: 'other'})

describe('a feature that the kernel lacks', () => {
	let world: World
	const problems = () => (world.observer.problemsOf.get('ns/s') ?? []).map(({field, reason}) => `${field} ${reason}`)
	const errors = () => world.observer.syncs.flatMap(({outcomes}) => outcomes.flatMap(({error}) => error ?? []))
	const serverOf = (key: string) => world.kernel.ipvs.servers.get(key)?.server
	const changes = () => Object.fromEntries(world.kernel.changes)

	beforeEach(() => {
		world = new World({}, undefined)
	})

	afterEach(async () => {
		expect(errors()).to.deep.equal([])
		expect(world.observer.failures).to.deep.equal([])
		await world.stop()
	})

	it('does without a scheduler, says so, and switches in place when it appears; nobody else notices', async () => {
		world.given(annotated({scheduler: 'twos'}), slice(), other())
		await world.settled()
		expect(serverOf(VIP)?.scheduler).to.equal('rr')
		expect(problems()).to.deep.equal(['metadata.annotations[kube-lvs.io/scheduler] AnnotationIgnored'])
		const [untouched, before] = [world.kernel.ipvs.servers.get(OTHER_VIP), changes()]
		world.kernel.ipvs.schedulers.add('twos')
		await world.advance(1000)
		expect(serverOf(VIP)?.scheduler).to.equal('twos')
		await world.settled()
		expect(problems()).to.deep.equal([])
		expect(world.kernel.ipvs.servers.get(OTHER_VIP)).to.equal(untouched)
		// One trial, one change in place.
		expect(changes()).to.deep.equal({
			...before,
			'new-service': (before['new-service'] ?? 0) + 1,
			'del-service': (before['del-service'] ?? 0) + 1,
			'set-service': 1,
		})
	})

	it('learns it when a running Service asks for it, which goes on as it was', async () => {
		world.given(service(), slice(), other())
		await world.settled()
		const before = changes()
		world.change(annotated({scheduler: 'twos'}))
		await world.settled()
		expect(serverOf(VIP)?.scheduler).to.equal('rr')
		expect(problems()).to.have.length(1)
		expect(changes()).to.deep.equal(before)
	})

	it('does without a persistence engine until it appears', async () => {
		const ports = [{name: 'p', protocol: 'UDP', port: 5060, targetPort: 5060}]
		world.kernel.ipvs.engines.delete('sip')
		world.given(annotated({'persistence-timeout': '60s', 'persistence-engine': 'sip'}, {ports}))
		await world.settled()
		const key = 'udp 10.96.0.10:5060'
		expect(serverOf(key)?.persistence).to.deep.equal({timeoutSeconds: 60, prefixLength: 32})
		expect(problems()).to.deep.equal(['metadata.annotations[kube-lvs.io/persistence-engine] AnnotationIgnored'])
		world.kernel.ipvs.engines.add('sip')
		await world.settled()
		expect(serverOf(key)?.persistence?.engine).to.equal('sip')
		expect(problems()).to.deep.equal([])
	})

	it('is not looked for when nobody asks for it, nor again while it is in use', async () => {
		world.given(service(), slice(), other())
		await world.settled()
		expect(changes()['new-service']).to.equal(2)
		world.change(annotated({scheduler: 'wrr'}))
		await world.settled()
		await world.settled()
		expect(changes()).to.include({'new-service': 3, 'del-service': 1, 'set-service': 1})
		world.change(service())
		await world.settled()
		await world.settled()
		expect(changes()).to.include({'new-service': 3, 'del-service': 1, 'set-service': 2})
	})

	it('may be one that was there before', async () => {
		world.given(annotated({scheduler: 'wrr'}), slice())
		await world.settled()
		expect(serverOf(VIP)?.scheduler).to.equal('wrr')
		world.kernel.ipvs.schedulers.delete('wrr')
		world.kernel.ipvs.servers.clear()
		await world.settled()
		expect(serverOf(VIP)?.scheduler).to.equal('rr')
		expect(problems()).to.have.length(1)
	})

	it('leaves nothing behind when it is tried out', async () => {
		world.given(annotated({scheduler: 'twos', 'persistence-timeout': '60s'}), slice())
		await world.settled()
		expect([...world.kernel.ipvs.servers.keys()]).to.deep.equal([VIP])
	})

	it('has a next best, and that one another', async () => {
		world.kernel.ipvs.schedulers.delete('mh')
		world.kernel.ipvs.schedulers.delete('sh')
		world.given(
			service({
				type: 'NodePort',
				externalTrafficPolicy: 'Local',
				sessionAffinity: 'ClientIP',
				ports: [{name: 'p', protocol: 'TCP', port: 80, nodePort: 30_080}],
			}),
			slice(),
		)
		await world.settled()
		const schedulers = () => new Set([...world.kernel.ipvs.servers.values()].map(({server}) => server.scheduler))
		expect(schedulers()).to.deep.equal(new Set(['rr']))
		expect(problems()).to.deep.equal(['spec.sessionAffinity NotSupported'])
		world.kernel.ipvs.schedulers.add('sh')
		await world.settled()
		expect(schedulers()).to.deep.equal(new Set(['rr', 'sh']))
		expect(problems()).to.deep.equal([])
	})

	it('may be a kind of tunnel, by the version of the kernel', async () => {
		const gue = annotated({'forwarding-method': 'tunnel', 'tunnel-type': 'gue'}, {ports: [port({targetPort: 80})]})
		world.given(gue, slice())
		await world.settled()
		expect(problems().filter(problem => problem.includes('tunnel-type'))).to.deep.equal([])
		await world.stop()
		world = new World({facts: {kernelVersion: [5, 1, 21]}}, undefined)
		world.given(gue, slice())
		await world.settled()
		expect(problems()).to.include('metadata.annotations[kube-lvs.io/tunnel-type] AnnotationIgnored')
		expect(
			new Set(
				[...world.kernel.ipvs.servers.values()].flatMap(({realServers}) =>
					[...realServers.values()].map(({realServer}) => realServer.forwarding),
				),
			),
		).to.deep.equal(new Set(['masquerade']))
	})

	it('is taken for present where the kernel gives no clear answer, and looked for again', async () => {
		world.kernel.failNext({kind: 'errno', errno: 'ENOMEM', command: 'new-service'})
		world.given(annotated({scheduler: 'wrr'}), slice())
		await world.settled()
		expect(serverOf(VIP)?.scheduler).to.equal('wrr')
		expect([...world.kernel.ipvs.servers.keys()]).to.deep.equal([VIP])
		expect(problems()).to.deep.equal([])
	})
})
