import {expect} from 'chai'
import {systemClock} from '../../src/clock.ts'
import {openKernel} from '../../src/kernel/kernel.ts'
import {VIP_DEVICE} from '../../src/state/addresses.ts'
import {service, servicePort, slice} from '../model/build.ts'
import {address} from '../state/build.ts'
import {eventually} from '../support/eventually.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {RecordingObserver} from '../support/recording-observer.ts'
import {forAWhile, QUICK_CONFIG, runController} from './run-controller.ts'

const NEW = address('192.0.2.77')

describe('notices of addresses, to the controller', () => {
	const ends: (() => unknown)[] = []
	afterEach(async () => {
		for (const end of ends.splice(0).reverse()) {
			await end()
		}
	})

	/** A node port, served; no audit follows of itself. */
	const start = async () => {
		const fake = new FakeKernel()
		const kernel = openKernel(fake.doors)
		const observer = new RecordingObserver()
		const {controller, allSynced, stop} = runController({doors: fake.doors, kernel}, observer, {
			...QUICK_CONFIG,
			auditInterval: 3_600_000,
		})
		ends.push(stop, await kernel.addresses.watch(systemClock, change => controller.addressChanged(change)))
		controller.change({
			kind: 'Service',
			key: 'ns/s',
			object: service({type: 'NodePort', ports: [servicePort({nodePort: 30080})]}),
		})
		controller.change({kind: 'EndpointSlice', key: 'ns/s-1', object: slice('s-1', ['10.244.1.2'])})
		allSynced()
		await observer.untilSyncs(1)
		const eth0 = fake.links.find('eth0') ?? expect.fail('eth0')
		const device = fake.links.find(VIP_DEVICE) ?? expect.fail(VIP_DEVICE)
		return {fake, observer, controller, eth0, device, dump: () => fake.dump().join('\n')}
	}

	it('let node ports follow the addresses of the node, without an audit', async () => {
		const {observer, eth0, dump} = await start()
		eth0.addresses.set(NEW, 24)
		await eventually(() => expect(dump()).to.include(`tcp ${NEW}:30080`))
		eth0.addresses.delete(NEW)
		await eventually(() => expect(dump()).to.not.include(`tcp ${NEW}:30080`))
		expect(observer.syncs.map(({kind}) => kind)).to.not.include('audit')
	})

	it('bring a VIP back that somebody took, by an audit', async () => {
		const {observer, device} = await start()
		device.addresses.delete(address('10.96.0.10'))
		await eventually(() => expect([...device.addresses.keys()]).to.include('10.96.0.10'))
		await eventually(() => expect(observer.syncs.map(({kind}) => kind)).to.include('audit'))
	})

	it('bring the device back', async () => {
		const {fake, device} = await start()
		const before = fake.dump()
		fake.links.delete(device.index)
		await eventually(() => expect(fake.dump()).to.deep.equal(before))
	})

	it('are no reason to read anything when they echo what we did', async () => {
		const {fake, observer, controller} = await start()
		controller.change({kind: 'Service', key: 'ns/s', object: undefined})
		await observer.untilSyncs(2)
		await forAWhile()
		const {sends} = fake
		await forAWhile()
		expect(fake.sends).to.equal(sends)
		expect(observer.syncs.map(({kind}) => kind)).to.deep.equal(['first', 'change'])
	})
})
