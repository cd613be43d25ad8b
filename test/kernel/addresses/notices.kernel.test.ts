import {execFileSync} from 'node:child_process'
import {systemClock} from '../../../src/clock.ts'
import {AddressClient} from '../../../src/kernel/addresses/client.ts'
import type {AddressChange} from '../../../src/kernel/addresses/notices.ts'
import {openSystemDoors} from '../../../src/kernel/system-doors.ts'
import {VIP_DEVICE} from '../../../src/state/addresses.ts'
import {address} from '../../state/build.ts'

const ip = (...args: readonly string[]) => execFileSync('ip', args)

describe('notices of addresses on the real kernel', () => {
	const doors = openSystemDoors(systemClock)
	const client = new AddressClient(doors)
	let stop = () => undefined as unknown
	let wake = (_change: AddressChange) => undefined as unknown
	/** Others may come before it, late ones of what was done before. */
	const next = (wanted: AddressChange) =>
		new Promise<void>(resolve => {
			wake = change => change === wanted && resolve()
		})

	before(async () => {
		ip('link', 'add', 'burst0', 'type', 'dummy')
		await client.apply([{kind: 'create-device'}])
		stop = await client.watch(systemClock, change => wake(change))
	})
	after(() => {
		stop()
		ip('link', 'del', 'burst0')
		ip('link', 'del', VIP_DEVICE)
		doors.netlink.close()
	})

	it('come although 2,000 addresses were added while this process was busy for a second', async () => {
		const changed = next('host')
		const lines = Array.from({length: 2000}, (_, at) => `addr add 10.200.${at >> 8}.${at & 255}/32 dev burst0`)
		// Synchronous: no notice is read until all have been sent.
		execFileSync('ip', ['-batch', '-'], {input: `${lines.join('\n')}\n`})
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
		await changed
	})

	it('still come after that', async () => {
		const changed = next('host')
		ip('addr', 'add', '10.201.0.1/32', 'dev', 'burst0')
		await changed
	})

	it('tell of an address that somebody took from the device of the VIPs', async () => {
		ip('addr', 'add', '10.96.0.10/32', 'dev', VIP_DEVICE)
		const changed = next(address('10.96.0.10'))
		ip('addr', 'del', '10.96.0.10/32', 'dev', VIP_DEVICE)
		await changed
	})
})
