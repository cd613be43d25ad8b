import {expect} from 'chai'
import {service, slice} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'

const SERVER = 'tcp 10.96.0.10:80'
const OLD = '10.244.1.5:8080'
const NEW = '10.244.2.5:8080'
const slow = service({}, {annotations: {'kube-lvs.io/slow-start': '20s'}})
const both = slice(['10.244.1.5', '10.244.2.5'])

describe('an endpoint of a Service with slow start', () => {
	let world: World

	beforeEach(async () => {
		world = new World({config: {auditInterval: '3s', drainInterval: '1s'}}, undefined)
		world.given(slow, slice(['10.244.1.5']))
		await world.settled()
		world.change(both)
		await world.advance(100)
	})

	afterEach(() => world.stop())

	const audited = () =>
		world.observer.syncs
			.filter(({kind}) => kind === 'audit')
			.flatMap(({outcomes}) => outcomes.map(({operation}) => operation))

	it('gets ever more, step by step, which no audit takes for damage', async () => {
		const from = audited().length
		expect(world.realServers(SERVER)).to.deep.equal({[OLD]: 100, [NEW]: 5})
		const seen = new Set<number | string | undefined>()
		for (let second = 0; second < 21; second++) {
			await world.advance(1000)
			seen.add(world.realServers(SERVER)?.[NEW])
		}
		expect([...seen]).to.deep.equal(Array.from({length: 20}, (_, step) => 5 * (step + 1)))
		expect(audited().slice(from)).to.deep.equal([])
	})

	it('goes on from where it was after a restart', async () => {
		await world.advance(10_000)
		expect(world.realServers(SERVER)?.[NEW]).to.equal(50)
		world.mark()
		await world.restart()
		await world.advance(100)
		expect(world.realServers(SERVER)?.[NEW]).to.equal(50)
		await world.advance(11_000)
		expect(world.realServers(SERVER)?.[NEW]).to.equal(100)
	})

	it('reaches its weight although the kernel refuses a step', async () => {
		world.kernel.failNext({kind: 'errno', errno: 'ENOMEM'})
		await world.advance(25_000)
		expect(world.realServers(SERVER)?.[NEW]).to.equal(100)
	})

	it('does not ramp for a client of another Service', async () => {
		const other = service({clusterIP: '10.96.0.11'}, {name: 'other'})
		world.change(other, slice(['10.244.1.5'], {service: 'other', name: 'other-1'}))
		await world.advance(500)
		world.change(slice(['10.244.1.5', '10.244.2.5'], {service: 'other', name: 'other-1'}))
		await world.advance(500)
		expect(world.realServers('tcp 10.96.0.11:80')).to.deep.equal({[OLD]: 1, [NEW]: 1})
	})

	it('costs nothing any more when it has its weight', async () => {
		const idle = new World({config: {auditInterval: '1h'}}, undefined)
		idle.given(slow, slice(['10.244.1.5']))
		await idle.advance(1000)
		idle.change(both)
		await idle.advance(25_000)
		expect(idle.realServers(SERVER)?.[NEW]).to.equal(100)
		const syncs = idle.observer.syncs.length
		await idle.advance(600_000)
		expect(idle.observer.syncs.length).to.equal(syncs)
		await idle.stop()
	})
})
