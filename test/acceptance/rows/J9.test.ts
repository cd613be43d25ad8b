import {expect} from 'chai'
import {row} from '../row.ts'

row('J9', 'the metrics server tells the mode of the proxy', async world => {
	world.given()
	expect(await world.telemetry.ask('/proxyMode')).to.equal('ipvs')
})
