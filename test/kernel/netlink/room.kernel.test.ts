import {expect} from 'chai'
import {systemClock} from '../../../src/clock.ts'
import {IpvsClient} from '../../../src/kernel/ipvs/client.ts'
import {prepareKernel} from '../../../src/kernel/prepare.ts'
import {openSystemDoors} from '../../../src/kernel/system-doors.ts'
import {realServer, virtualServer} from '../../state/build.ts'
import {countingDoors} from '../../support/counting-doors.ts'

const COUNT = 2500

describe('a large batch', () => {
	it('has room for an answer to each of its messages, also when all of them fail', async () => {
		const {doors, traffic} = countingDoors(openSystemDoors(systemClock))
		await prepareKernel(doors, {load: true})
		const client = new IpvsClient(doors)
		const server = virtualServer('tcp 10.96.0.10:80')
		const missing = Array.from({length: COUNT}, (_, at) => ({
			kind: 'delete-real-server' as const,
			server,
			realServer: realServer(`10.${at >> 8}.${at & 255}.1:80`),
		}))
		await client.readTimeouts()
		const before = traffic.sends
		const results = await client.apply(missing)
		expect(new Set(results).size).to.equal(1)
		expect(results[0]).to.be.above(0)
		expect(results).to.have.length(COUNT)
		expect(traffic.sends - before).to.equal(3)
		doors.netlink.close()
	})
})
