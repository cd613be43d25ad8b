import {expect} from 'chai'
import {cleanNode} from '../../../src/cli/cleanup.ts'
import {openNode} from '../../../src/cli/open-node.ts'
import {parseConfig} from '../../../src/config/parse.ts'
import {realServer, virtualServer} from '../../state/build.ts'
import {failingDoors} from '../doors.ts'
import {service, slice} from '../objects.ts'
import {randomFrom} from '../random.ts'
import {row} from '../row.ts'
import type {World} from '../world.ts'

const FOREIGN_RULES = `*nat
:FOREIGN - [0:0]
-A PREROUTING -j FOREIGN
-A POSTROUTING -s 192.0.2.0/24 -j MASQUERADE
COMMIT
`

const CONFIG = {excludeCIDRs: ['198.51.100.0/24'], strictARP: true}

/** Until nothing is left to do; where nothing fails, the first time does it. */
const cleanUp = async ({kernel, isQuiet}: World): Promise<void> => {
	const config = parseConfig('', CONFIG)
	const random = randomFrom(13)
	for (let tries = 1; ; tries++) {
		const doors = isQuiet ? kernel.doors : failingDoors(kernel, random)
		const failures = await openNode(doors, config, {load: false})
			.then(async node => (await cleanNode(node, config)).failures)
			.catch(error => [String(error)])
		kernel.faults.clear()
		if (failures.length === 0) {
			return
		}
		if (isQuiet || tries > 200) {
			throw new Error(failures.join('\n'))
		}
	}
}

row('F13', 'cleanup leaves what was there before, settings included', {config: CONFIG}, async world => {
	const {kernel} = world
	kernel.ipvs.load(virtualServer('tcp 198.51.100.1:80', {scheduler: 'wrr'}), [realServer('198.51.100.2:80')])
	kernel.ipvs.load(virtualServer('tcp 203.0.113.9:80'))
	kernel.ipset.load('create FOREIGN hash:ip family inet hashsize 1024 maxelem 65536\nadd FOREIGN 192.0.2.1\n')
	kernel.iptables.load('ipv4', FOREIGN_RULES)
	const before = kernel.dump()
	world.given(service({externalIPs: ['192.0.2.77']}), slice())
	await world.settled()
	await world.restart({strictARP: true})
	await world.settled()
	expect(kernel.dump()).not.to.deep.equal(before)
	await world.stop()
	await cleanUp(world)
	expect(kernel.dump()).to.deep.equal(before)
	expect(kernel.files.kept.size).to.equal(0)
})
