import {createSocket} from 'node:dgram'
import {expect} from 'chai'
import {systemClock} from '../../../src/clock.ts'
import {IpvsClient} from '../../../src/kernel/ipvs/client.ts'
import {prepareKernel} from '../../../src/kernel/prepare.ts'
import {openSystemDoors} from '../../../src/kernel/system-doors.ts'
import {readBothWays} from '../../contract/read-both-ways.ts'
import {realServer, virtualServer} from '../../state/build.ts'

const DEVICE = 'both-ways'

describe('real servers on the real kernel, by the file and by dumps', () => {
	const doors = openSystemDoors(systemClock)
	const client = new IpvsClient(doors)
	const server = virtualServer('udp 10.96.7.1:53')
	const target = realServer('10.96.7.2:53')

	before(async () => {
		await prepareKernel(doors, {load: true})
		for (const command of ['link set lo up', `link add ${DEVICE} type dummy`, `link set ${DEVICE} up`]) {
			await doors.exec.run('ip', command.split(' '))
		}
		for (const address of ['10.96.7.1/32', '10.96.7.2/32']) {
			await doors.exec.run('ip', ['addr', 'add', address, 'dev', DEVICE])
		}
	})

	after(async () => {
		await client.apply([{kind: 'delete-virtual-server', server}])
		await doors.exec.run('ip', ['link', 'del', DEVICE])
		doors.netlink.close()
	})

	it('have the same connections', async () => {
		await client.apply([
			{kind: 'add-virtual-server', server},
			{kind: 'add-real-server', server, realServer: target},
		])
		const sockets = [1, 2].map(() => createSocket('udp4'))
		for (const socket of sockets) {
			await new Promise(resolve => socket.send('hello', 53, '10.96.7.1', resolve))
		}
		const {counters} = await readBothWays(doors)
		for (const socket of sockets) {
			socket.close()
		}
		const counts = counters.get(server.key)?.get(target.key)
		expect(counts).to.deep.equal({activeConnections: 0, inactiveConnections: 2})
	})
})
