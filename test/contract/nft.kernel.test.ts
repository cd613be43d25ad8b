import {expect} from 'chai'
import {systemClock} from '../../src/clock.ts'
import {IptablesClient} from '../../src/kernel/iptables/client.ts'
import {openSystemDoors} from '../../src/kernel/system-doors.ts'
import {describeIpsetContract} from './ipset.contract.ts'
import {describeIptablesContract} from './iptables.contract.ts'
import {openReal} from './open-real.ts'

describe('a kernel with nf_tables', () => {
	it('is used with the nft variant of iptables', async () => {
		const doors = openSystemDoors(systemClock)
		expect(await new IptablesClient(doors).variant()).to.equal('nft')
		doors.netlink.close()
	})
})

describeIpsetContract('a kernel with nf_tables', openReal)
describeIptablesContract('a kernel with nf_tables', openReal)
