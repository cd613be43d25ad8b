import {expect} from 'chai'
import {prepareDevice} from '../../src/doctor/network.ts'
import {AddressClient, type AddressOperation} from '../../src/kernel/addresses/client.ts'
import {FAMILIES} from '../../src/net/address.ts'
import type {Binding} from '../../src/state/addresses.ts'
import {type SteeringPart, steeringKey, steeringOf} from '../../src/state/steering.ts'
import {address} from '../state/build.ts'
import {describeContract, type OpenDoors} from './bench.ts'

const [ENOENT, ESRCH, EEXIST, ENODEV, EADDRNOTAVAIL] = [2, 3, 17, 19, 99]

const bind = (text: string, binding: Binding): AddressOperation => ({kind: 'bind-vip', address: address(text), binding})
const steer = (change: 'create' | 'delete', parts: readonly SteeringPart[]): readonly AddressOperation[] =>
	parts.map(part => ({kind: `${change}-steering`, part}))
const unbind = (text: string, binding: Binding): AddressOperation => ({
	kind: 'unbind-vip',
	address: address(text),
	binding,
})

/** What the client for the VIPs' device has to do on any kernel. */
export const describeAddressContract = (name: string, open: OpenDoors): void =>
	describeContract(`address client on ${name}`, open, bench => {
		const apply = (...operations: readonly AddressOperation[]) => new AddressClient(bench().doors).apply(operations)
		const read = () => new AddressClient(bench().doors).read()

		it('reads a node without the device, whose own addresses are not loopback ones', async () => {
			const {hasDevice, bindings, hostAddresses} = await read()
			expect(hasDevice).to.equal(false)
			expect(bindings.size).to.equal(0)
			expect(hostAddresses.has(address('127.0.0.1'))).to.equal(false)
			expect(hostAddresses.has(address('::1'))).to.equal(false)
		})

		it('creates the device once', async () => {
			expect(await apply({kind: 'create-device'})).to.deep.equal([0])
			expect((await read()).hasDevice).to.equal(true)
			expect(await apply({kind: 'create-device'})).to.deep.equal([EEXIST])
		})

		it('binds nothing to a device that is not there', async () => {
			expect(await apply(bind('10.96.0.10', 'address'), {kind: 'delete-device'})).to.deep.equal([ENODEV, ENODEV])
		})

		for (const [binding, missing] of [
			['address', EADDRNOTAVAIL],
			['route', ESRCH],
		] as const) {
			it(`binds and unbinds VIPs of both families by ${binding}`, async () => {
				const vips = ['10.96.0.10', 'fd00:96::a', '2001:db8::1:0:0:1']
				await apply({kind: 'create-device'})
				expect(await apply(...vips.map(vip => bind(vip, binding)))).to.deep.equal([0, 0, 0])
				const {bindings, hostAddresses} = await read()
				expect(bindings).to.deep.equal(new Map(vips.map(vip => [vip, binding])))
				expect(vips.some(vip => hostAddresses.has(address(vip)))).to.equal(false)
				expect(await apply(...vips.map(vip => bind(vip, binding)))).to.deep.equal([EEXIST, EEXIST, EEXIST])
				expect(await apply(...vips.map(vip => unbind(vip, binding)))).to.deep.equal([0, 0, 0])
				expect((await read()).bindings.size).to.equal(0)
				expect(await apply(...vips.map(vip => unbind(vip, binding)))).to.deep.equal([missing, missing, missing])
			})

			it(`keeps VIPs bound by ${binding} apart from the failures among hundreds`, async () => {
				await apply({kind: 'create-device'}, bind('10.96.0.5', binding))
				const operations = Array.from({length: 450}, (_, at) => bind(`10.96.${at >> 8}.${at & 255}`, binding))
				const expected = operations.map((_, at) => (at === 5 ? EEXIST : 0))
				expect(await apply(...operations)).to.deep.equal(expected)
				expect((await read()).bindings.size).to.equal(450)
			})
		}

		it('unbinds an address whatever prefix length it was bound with, and leaves its neighbours', async () => {
			await apply({kind: 'create-device'}, bind('10.96.0.11', 'address'), bind('10.96.0.12', 'address'))
			await bench().addAddress('10.96.0.10/24')
			await bench().addAddress('fd00:96::a/64')
			const results = await apply(
				unbind('10.96.0.10', 'address'),
				unbind('10.96.0.12', 'address'),
				unbind('fd00:96::a', 'address'),
				unbind('10.96.0.13', 'address'),
			)
			expect(results).to.deep.equal([0, 0, 0, EADDRNOTAVAIL])
			expect([...(await read()).bindings.keys()]).to.deep.equal(['10.96.0.11'])
		})

		for (const binding of ['address', 'route'] as const) {
			const withoutIPv6 = async (test: () => Promise<void>) => {
				const byDefault = '/proc/sys/net/ipv6/conf/default/disable_ipv6'
				await bench().writeSetting(byDefault, '1')
				try {
					await test()
					expect((await read()).bindings).to.deep.equal(new Map([['fd00:96::a', binding]]))
				} finally {
					await bench().writeSetting(byDefault, '0')
				}
			}

			it(`binds IPv6 VIPs by ${binding} where new devices have no IPv6 by default, if it may make settings`, () =>
				withoutIPv6(async () => {
					const client = new AddressClient(bench().doorsToPrepare)
					expect(await client.apply([{kind: 'create-device'}, bind('fd00:96::a', binding)])).to.deep.equal([0, 0])
				}))

			it(`binds IPv6 VIPs by ${binding} to a device that somebody has prepared who may`, () =>
				withoutIPv6(async () => {
					await prepareDevice(bench().doorsToPrepare, {families: ['ipv6']})
					expect(await apply(bind('fd00:96::a', binding))).to.deep.equal([0])
				}))
		}

		it('creates the device and binds to it in one go', async () => {
			const results = await apply({kind: 'create-device'}, bind('10.96.0.10', 'address'), bind('10.96.0.11', 'route'))
			expect(results).to.deep.equal([0, 0, 0])
			expect((await read()).bindings).to.deep.equal(
				new Map([
					['10.96.0.11', 'route'],
					['10.96.0.10', 'address'],
				]),
			)
		})

		it('takes all bindings with the device', async () => {
			await apply({kind: 'create-device'}, bind('10.96.0.10', 'address'), bind('fd00:96::a', 'route'))
			expect(await apply({kind: 'delete-device'})).to.deep.equal([0])
			const {hasDevice, bindings} = await read()
			expect([hasDevice, bindings.size]).to.deep.equal([false, 0])
			expect(await apply({kind: 'delete-device'})).to.deep.equal([ENODEV])
		})

		it('steers marks of both families, part by part, without any device', async () => {
			const parts = FAMILIES.flatMap(family => steeringOf(family, 14))
			const missing = parts.map(({kind}) => (kind === 'rule' ? ENOENT : ESRCH))
			expect((await read()).steering.size).to.equal(0)
			expect(await apply(...steer('create', parts))).to.deep.equal([0, 0, 0, 0])
			expect([...(await read()).steering.keys()]).to.have.members(parts.map(steeringKey))
			expect([...(await read()).steering.values()]).to.have.deep.members(parts)
			expect(await apply(...steer('create', parts))).to.deep.equal([EEXIST, EEXIST, EEXIST, EEXIST])
			expect(await apply(...steer('delete', parts.slice(0, 2)))).to.deep.equal([0, 0])
			expect([...(await read()).steering.keys()]).to.have.members(parts.slice(2).map(steeringKey))
			expect(await apply(...steer('delete', parts.slice(2)))).to.deep.equal([0, 0])
			expect(await apply(...steer('delete', parts))).to.deep.equal(missing)
			expect((await read()).steering.size).to.equal(0)
		})

		it('tells the rules of several masquerade bits apart', async () => {
			const [route, rule, former] = [...steeringOf('ipv4', 14), ...steeringOf('ipv4', 3).slice(1)]
			expect(
				await apply(
					...steer(
						'create',
						[route, rule, former].flatMap(part => part ?? []),
					),
				),
			).to.deep.equal([0, 0, 0])
			expect(await apply(...steer('delete', former ? [former] : []))).to.deep.equal([0])
			expect([...(await read()).steering.values()]).to.have.deep.members([route, rule])
		})

		it('steers and binds in one go, each in its place', async () => {
			const [route, rule] = steeringOf('ipv6', 14)
			const results = await apply(
				{kind: 'create-device'},
				...steer('create', route && rule ? [route, rule] : []),
				bind('10.96.0.10', 'address'),
				bind('10.96.0.10', 'address'),
				...steer('delete', rule ? [rule, rule] : []),
				unbind('10.96.0.10', 'address'),
			)
			expect(results).to.deep.equal([0, 0, 0, 0, EEXIST, 0, ENOENT, 0])
		})

		it('can be bound again to a new device after the old one was deleted', async () => {
			await apply({kind: 'create-device'}, bind('fd00:96::a', 'address'), {kind: 'delete-device'})
			expect(await apply({kind: 'create-device'}, bind('fd00:96::a', 'address'))).to.deep.equal([0, 0])
		})
	})
