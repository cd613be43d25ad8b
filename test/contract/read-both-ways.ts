import {expect} from 'chai'
import type {Doors} from '../../src/kernel/doors.ts'
import {IpvsClient} from '../../src/kernel/ipvs/client.ts'

/** What the client reads, which is the same whether real servers come from the file or from dumps. */
export const readBothWays = async (doors: Doors) => {
	const [byFile, byDumps] = [new IpvsClient(doors, Number.POSITIVE_INFINITY), new IpvsClient(doors, -1)]
	const found = await byDumps.read()
	expect(await byFile.read()).to.deep.equal(found)
	expect(await byFile.read(found.virtualServers)).to.deep.equal(await byDumps.read(found.virtualServers))
	return found
}
