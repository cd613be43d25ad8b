import {expect} from 'chai'
import {service, slice, slicePort} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'

describe('a sync of more operations than a call can have arguments', function () {
	this.timeout(120_000)

	it('is carried out', async () => {
		const externalIPs = Array.from({length: 8}, (_, at) => `203.0.113.${at + 1}`)
		const annotations = {'kube-lvs.io/port-range': 'udp:10001-26384'}
		const world = new World({config: {auditInterval: '1h'}}, undefined)
		world.given(service({externalIPs}, {annotations}), slice(['10.244.1.5'], {ports: [slicePort({port: 80})]}))
		await world.advance(0)
		expect(world.observer.failures).to.deep.equal([])
		expect(world.set('LVS-MARK')).to.have.length((externalIPs.length + 1) * (16_384 + 1))
		await world.stop()
	})
})
