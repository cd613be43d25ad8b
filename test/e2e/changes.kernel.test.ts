import {expect} from 'chai'
import {serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {createServedTopology, type ServedTopology} from '../../e2e/scenario/served-topology.ts'
import {isAnswer, tally} from '../../e2e/topology/answer.ts'
import {openConnection} from '../../e2e/topology/connection.ts'
import {probe} from '../../e2e/topology/probe.ts'
import {eventually} from '../support/eventually.ts'

const VIP = {address: '10.96.0.10', port: 80}

describe('a change of a Service', function () {
	this.timeout(300_000)
	let served: ServedTopology

	const ask = (options: {address?: string; port?: number; protocol?: 'tcp' | 'udp'; sourcePort?: number} = {}) =>
		probe(served.topology, served.topology.client('outside'), {...VIP, count: 6, ...options})
	const servers = async () => {
		const {stdout} = await served.topology.exec(served.topology.node('n1'), 'ipvsadm', ['-Sn'])
		return stdout.split('\n').filter(line => line.startsWith('-a -t 10.96.0.10:80'))
	}

	before(async () => {
		served = await createServedTopology('changes', '--drain-interval', '1s', '--drain-deadline', '15s')
		const {objects, topology} = served
		await objects.apply(serviceObject({name: 'web', number: 10}), ...sliceObjects('web', topology.pods))
		await served.kubeLvs.start()
	})

	after(() => served?.destroy())

	it('takes a removed endpoint out of rotation, and lets its established connections live', async () => {
		const {topology, objects, kubeLvs} = served
		const connection = await openConnection(topology, topology.client('outside'), VIP)
		const {pod} = await connection.ask()
		const others = topology.pods.filter(({name}) => name !== pod)
		await kubeLvs.nextSync(() => objects.apply(...sliceObjects('web', others)))
		expect(tally(await ask())).to.deep.equal(Object.fromEntries(others.map(({name}) => [name, 3])))
		expect((await connection.ask()).pod).to.equal(pod)
		expect((await servers()).filter(line => line.endsWith('-w 0'))).to.have.length(1)
		await connection.close()
	})

	it('gives a returning endpoint its weight back', async () => {
		const {topology, objects, kubeLvs} = served
		await kubeLvs.nextSync(() => objects.apply(...sliceObjects('web', topology.pods)))
		expect(tally(await ask())).to.deep.equal({a: 2, b: 2, c: 2})
		expect((await servers()).filter(line => line.endsWith('-w 1'))).to.have.length(3)
	})

	it('deletes an idle endpoint at once', async () => {
		const {topology, objects, kubeLvs} = served
		const fresh = await topology.addPod(topology.node('n1'), 'idle')
		await kubeLvs.nextSync(() => objects.apply(...sliceObjects('web', [...topology.pods])))
		expect(await servers()).to.have.length(4)
		await topology.removePod(fresh)
		await kubeLvs.nextSync(() => objects.apply(...sliceObjects('web', topology.pods)))
		expect(await servers()).to.have.length(3)
	})

	it('moves a UDP client that keeps its port to a live endpoint', async () => {
		const {topology, objects, kubeLvs} = served
		const [before] = (await ask({protocol: 'udp', sourcePort: 40_000})).filter(isAnswer)
		const others = topology.pods.filter(({name}) => name !== before?.pod)
		await kubeLvs.nextSync(() => objects.apply(...sliceObjects('web', others)))
		const after = tally(await ask({protocol: 'udp', sourcePort: 40_000}))
		expect(Object.keys(after)).to.not.include(before?.pod)
		expect(after).to.not.have.property('timeout')
		await kubeLvs.nextSync(() => objects.apply(...sliceObjects('web', topology.pods)))
	})

	it('serves a new Service and forgets a deleted one, its VIP and all', async () => {
		const {topology, objects, kubeLvs} = served
		const added = serviceObject({name: 'new', number: 20, externalIPs: ['203.0.113.20'], nodePort: 30020})
		await kubeLvs.nextSync(() => objects.apply(added, ...sliceObjects('new', topology.pods)))
		const targets = [{address: '10.96.0.20'}, {address: '203.0.113.20'}, {address: '192.0.2.10', port: 30020}]
		for (const target of targets) {
			expect(tally(await ask(target)), target.address).to.deep.equal({a: 2, b: 2, c: 2})
		}
		await kubeLvs.nextSync(() => objects.delete('Service', 'new'))
		for (const target of targets) {
			expect(tally(await ask(target)), target.address).to.deep.equal({refused: 6})
		}
		// The connections that were just closed drain until the deadline.
		await eventually(async () => {
			const script = 'ipvsadm -Sn; ip addr show dev kube-ipvs0; ipset save'
			const {stdout} = await topology.exec(topology.node('n1'), 'sh', ['-c', script])
			expect(stdout).to.not.match(/10\.96\.0\.20|203\.0\.113\.20|30020/)
		}, 60_000)
	})

	it('lets the older of two Services keep an address, and the other take over when it goes', async () => {
		const {topology, objects, kubeLvs} = served
		const older = {name: 'older', number: 31, externalIPs: ['203.0.113.30'], createdAt: '2020-01-01T00:00:00Z'}
		const younger = {name: 'younger', number: 32, externalIPs: ['203.0.113.30'], createdAt: '2021-01-01T00:00:00Z'}
		const [a, b] = topology.pods
		if (!a || !b) {
			throw new Error('two pods are needed')
		}
		await objects.apply(...sliceObjects('younger', [b]), ...sliceObjects('older', [a]))
		await kubeLvs.nextSync(() => objects.apply(serviceObject(younger)))
		expect(tally(await ask({address: '203.0.113.30'}))).to.deep.equal({b: 6})
		const from = kubeLvs.log.length
		await kubeLvs.nextSync(() => objects.apply(serviceObject(older)))
		await kubeLvs.waitFor(({msg}) => msg.includes('demo/younger') && msg.includes('older Service demo/older'), from)
		expect(tally(await ask({address: '203.0.113.30'}))).to.deep.equal({a: 6})
		await kubeLvs.nextSync(() => objects.delete('Service', 'older'))
		expect(tally(await ask({address: '203.0.113.30'}))).to.deep.equal({b: 6})
	})
})
