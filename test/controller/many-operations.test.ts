import {expect} from 'chai'
import {service} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'

describe('a sync of more operations than a call can have arguments', function () {
	this.timeout(120_000)

	it('is carried out', async () => {
		const annotations = {'kube-lvs.io/port-range': 'udp:10001-26384'}
		const rangeOf = (at: number) => {
			const externalIPs = [1, 2, 3, 4].map(host => `203.0.${at}.${host}`)
			return service({clusterIP: `10.96.0.${at}`, externalIPs}, {name: `s${at}`, annotations})
		}
		const world = new World({config: {auditInterval: '1h'}}, undefined)
		world.given(rangeOf(10), rangeOf(11))
		await world.advance(0)
		expect(world.observer.failures).to.deep.equal([])
		expect(world.set('LVS-MARK')).to.have.length(2 * (4 + 1) * (16_384 + 1))
		await world.stop()
	})
})
