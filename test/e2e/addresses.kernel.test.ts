import {expect} from 'chai'
import {serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {createServedTopology, type ServedTopology} from '../../e2e/scenario/served-topology.ts'
import {tally} from '../../e2e/topology/answer.ts'
import {probe} from '../../e2e/topology/probe.ts'
import {eventually} from '../support/eventually.ts'

const CAME = '192.0.2.77'

/** By notices of the kernel alone: no audit comes meanwhile. */
describe('addresses that come and go', function () {
	this.timeout(300_000)
	let served: ServedTopology

	const shell = (script: string) => served.topology.exec(served.topology.node('n1'), 'sh', ['-e', '-c', script])
	const ask = (address: string, port: number) =>
		probe(served.topology, served.topology.client('outside'), {address, port, count: 3, timeoutMs: 3000})

	before(async () => {
		served = await createServedTopology('addresses', '--audit-interval', '1h')
		const {objects, topology, kubeLvs} = served
		await objects.apply(
			serviceObject({name: 'web', number: 10, nodePort: 30080, externalIPs: ['203.0.113.5']}),
			...sliceObjects('web', topology.pods),
		)
		await kubeLvs.start()
	})

	after(() => served?.destroy())

	it('are followed by node ports', async () => {
		await shell(`ip addr add ${CAME}/32 dev cni0`)
		await eventually(async () => expect(tally(await ask(CAME, 30080))).to.deep.equal({a: 1, b: 1, c: 1}), 60_000)
		await shell(`ip addr del ${CAME}/32 dev cni0`)
		// What it had drains: no new connections.
		await eventually(async () => {
			const {stdout} = await shell('ipvsadm -Sn')
			expect(stdout).to.not.match(new RegExp(`^-a -t ${CAME}.* -w [1-9]`, 'm'))
		}, 60_000)
	})

	it('are put back where somebody takes a VIP away', async () => {
		await shell('ip addr del 203.0.113.5/32 dev kube-ipvs0')
		await eventually(async () => expect(tally(await ask('203.0.113.5', 80))).to.deep.equal({a: 1, b: 1, c: 1}), 60_000)
	})

	it('are put back with the device', async () => {
		await shell('ip link del kube-ipvs0')
		await eventually(async () => expect(tally(await ask('203.0.113.5', 80))).to.deep.equal({a: 1, b: 1, c: 1}), 60_000)
	})
})
