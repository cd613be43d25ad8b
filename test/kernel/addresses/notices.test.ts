import {expect} from 'chai'
import {AddressClient} from '../../../src/kernel/addresses/client.ts'
import type {AddressChange} from '../../../src/kernel/addresses/notices.ts'
import {VIP_DEVICE} from '../../../src/state/addresses.ts'
import {createManualClock} from '../../kubernetes/manual-clock.ts'
import {address} from '../../state/build.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'

const VIP = address('10.96.0.10')

const watched = async () => {
	const kernel = new FakeKernel()
	const clock = createManualClock()
	const client = new AddressClient(kernel.doors)
	await client.apply([{kind: 'create-device'}, {kind: 'bind-vip', address: VIP, binding: 'address'}])
	const changes: AddressChange[] = []
	const stop = await client.watch(clock, change => changes.push(change))
	const eth0 = kernel.links.find('eth0') ?? expect.fail('eth0')
	const device = kernel.links.find(VIP_DEVICE) ?? expect.fail(VIP_DEVICE)
	/** What is told by the time that everything has been gathered. */
	const told = async () => {
		await clock.advance(60)
		return changes.splice(0)
	}
	return {kernel, clock, client, stop, eth0, device, told}
}

describe('notices of addresses', () => {
	it('tell once of many changes of the node', async () => {
		const {eth0, told} = await watched()
		eth0.addresses.set(address('192.0.2.11'), 24)
		eth0.addresses.set(address('2001:db8::11'), 64)
		eth0.addresses.delete(address('192.0.2.10'))
		expect(await told()).to.deep.equal(['host'])
		expect(await told()).to.deep.equal([])
	})

	it('tell of interfaces that come, go, and are set up or down, not of one that stays as it was', async () => {
		const {kernel, eth0, told} = await watched()
		const added = kernel.links.add('eth1', true) ?? expect.fail('eth1')
		expect(await told(), 'comes').to.deep.equal(['host'])
		added.isUp = false
		expect(await told(), 'down').to.deep.equal(['host'])
		kernel.links.delete(added.index)
		expect(await told(), 'goes').to.deep.equal(['host'])
		eth0.isUp = true
		expect(await told(), 'as it was').to.deep.equal([])
	})

	it('tell of what is taken from our device, not of what is put on it', async () => {
		const {kernel, client, device, told} = await watched()
		await client.apply([{kind: 'bind-vip', address: address('10.96.0.11'), binding: 'address'}])
		expect(await told()).to.deep.equal([])
		device.addresses.delete(VIP)
		expect(await told(), 'address').to.deep.equal([VIP])
		device.isUp = true
		expect(await told(), 'up').to.deep.equal([])
		device.isUp = false
		expect(await told(), 'down').to.deep.equal(['device'])
		kernel.links.delete(device.index)
		expect(await told(), 'gone').to.have.members(['device', address('10.96.0.11')])
		await client.apply([{kind: 'create-device'}, {kind: 'bind-vip', address: VIP, binding: 'address'}])
		expect(await told(), 'made again').to.deep.equal([])
	})

	it('tell nothing any more after the end', async () => {
		const {eth0, stop, told} = await watched()
		eth0.addresses.set(address('192.0.2.11'), 24)
		stop()
		eth0.addresses.set(address('192.0.2.12'), 24)
		expect(await told()).to.deep.equal([])
	})

	it('are asked for again when they end, and everything counts as changed', async () => {
		const {kernel, clock, eth0, told} = await watched()
		kernel.netlink.endNotices()
		await clock.advance(6000)
		expect(await told()).to.have.members(['host', 'device'])
		eth0.addresses.set(address('192.0.2.11'), 24)
		expect(await told()).to.deep.equal(['host'])
	})

	it('are given up where the interfaces cannot be read: whoever was refused hears nothing', async () => {
		const kernel = new FakeKernel()
		const clock = createManualClock()
		const changes: AddressChange[] = []
		kernel.failNext({kind: 'errno', errno: 'EPERM', command: 'get-link'})
		const watching = new AddressClient(kernel.doors).watch(clock, change => changes.push(change))
		expect(await watching.catch((error: unknown) => error)).to.be.instanceOf(Error)
		kernel.links.find('eth0')?.addresses.set(address('192.0.2.11'), 24)
		await clock.advance(60)
		expect(changes).to.deep.equal([])
	})

	it('are refused where the process can have none', async () => {
		const kernel = new FakeKernel()
		kernel.netlink.canListen = false
		const error = await new AddressClient(kernel.doors)
			.watch(createManualClock(), () => undefined)
			.catch((error: unknown) => error)
		expect(error).to.be.instanceOf(Error)
	})
})
