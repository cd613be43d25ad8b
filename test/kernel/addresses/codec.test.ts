import {expect} from 'chai'
import fc from 'fast-check'
import {decodeLink, decodeLinkAddress, decodeLocalRoute} from '../../../src/kernel/addresses/decode.ts'
import {encodeCreateDevice, encodeDevice, VipEncoder} from '../../../src/kernel/addresses/encode.ts'
import {decodeSteeringRoute, decodeSteeringRule, encodeSteering} from '../../../src/kernel/addresses/steering.ts'
import {decodeMessages} from '../../../src/kernel/netlink/message.ts'
import {bitsOf, FAMILIES, familyOf} from '../../../src/net/address.ts'
import {anyAddress} from '../../state/arbitraries.ts'
import {address} from '../../state/build.ts'
import {FakeLinks} from '../../support/fake-kernel/fake-links.ts'
import {writeAddresses, writeLink, writeRoutes} from '../../support/fake-kernel/route-replies.ts'
import {attribute, bytes, u32} from '../../support/fake-kernel/wire.ts'
import {laidDown} from '../netlink/laid-down.ts'

const change = fc.constantFrom('add' as const, 'delete' as const)
const payloadOf = (bytes: Uint8Array): Uint8Array => decodeMessages(bytes)[0]?.payload ?? new Uint8Array()

describe('rtnetlink messages', () => {
	it('of an address are read as they were written', () => {
		fc.assert(
			fc.property(anyAddress, change, fc.integer({min: 1, max: 2 ** 31 - 1}), (vip, verb, index) => {
				const payload = payloadOf(laidDown(new VipEncoder(index).address(verb, vip)))
				expect(decodeLinkAddress(payload)).to.deep.equal({
					index,
					address: vip,
					prefixLength: bitsOf(familyOf(vip)),
					isNarrow: false,
				})
			}),
		)
	})

	it('of a local route are read as they were written, and as ours', () => {
		fc.assert(
			fc.property(anyAddress, change, fc.integer({min: 1, max: 2 ** 31 - 1}), (vip, verb, index) => {
				const payload = payloadOf(laidDown(new VipEncoder(index).route(verb, vip)))
				expect(decodeLocalRoute(payload)).to.deep.equal({index, address: vip, isByKernel: false})
			}),
		)
	})

	it('of the device name it, leave it down, and raise it', () => {
		expect(decodeLink(payloadOf(laidDown(encodeCreateDevice())))).to.deep.equal({
			index: 0,
			name: 'kube-ipvs0',
			isUp: false,
		})
		expect(Buffer.from(payloadOf(laidDown(encodeDevice('raise', 7)))).readUInt32LE(8)).to.equal(1)
	})

	it('that a kernel dumps are read as it meant them', () => {
		const links = new FakeLinks()
		const link = links.add('eth0', true, [
			{address: address('192.0.2.10'), length: 24},
			{address: address('fe80::1'), length: 64},
		])
		if (!link) {
			throw new Error('no link')
		}
		link.routes.add(address('10.96.0.10'))
		expect(decodeLink(writeLink(link))).to.deep.equal({index: 1, name: 'eth0', isUp: true})
		expect(writeAddresses(link).map(decodeLinkAddress)).to.deep.equal([
			{index: 1, address: '192.0.2.10', prefixLength: 24, isNarrow: false},
			{index: 1, address: 'fe80::1', prefixLength: 64, isNarrow: true},
		])
		expect(writeRoutes(link).map(decodeLocalRoute)).to.deep.equal([
			{index: 1, address: '192.0.2.10', isByKernel: true},
			{index: 1, address: 'fe80::1', isByKernel: true},
			{index: 1, address: '10.96.0.10', isByKernel: false},
		])
	})

	it('of what steers marked packets are read as they were written', () => {
		const mark = fc.integer({min: 1, max: 2 ** 32 - 1})
		fc.assert(
			fc.property(fc.constantFrom(...FAMILIES), mark, mark, (family, mark, mask) => {
				const rule = {kind: 'rule', family, mark, mask} as const
				expect(decodeSteeringRule(payloadOf(laidDown(encodeSteering('create', rule))))).to.deep.equal(rule)
				const route = {kind: 'route', family} as const
				expect(decodeSteeringRoute(payloadOf(laidDown(encodeSteering('delete', route))))).to.deep.equal(route)
			}),
		)
	})

	it('of rules and routes of others that look alike are not taken for ours', () => {
		const attributes = (changed: Readonly<Record<number, number | undefined>>) =>
			Object.entries({6: 76, 10: 0x10, 15: 7676, 16: 0xff, 21: 76, ...changed})
				.filter((entry): entry is [string, number] => entry[1] !== undefined)
				.map(([type, value]) => attribute(Number(type), type === '21' ? bytes(value) : u32(value)))
		const read = (changed: Readonly<Record<number, number | undefined>>) =>
			decodeSteeringRule(bytes([2, 0, 0, 0, 252, 0, 0, 1], u32(0), ...attributes(changed)))
		expect(read({})).to.deep.equal({kind: 'rule', family: 'ipv4', mark: 0x10, mask: 0xff})
		for (const changed of [
			{6: 77},
			{6: undefined},
			{10: undefined},
			{15: 78},
			{15: undefined},
			{16: undefined},
			{21: 3},
		]) {
			expect(read(changed), JSON.stringify(changed)).to.equal(undefined)
		}
		expect(read({21: undefined}), 'a kernel that does not tell who made it').to.not.equal(undefined)
		const route = payloadOf(laidDown(encodeSteering('create', {kind: 'route', family: 'ipv4'})))
		for (const [at, value] of [
			[0, 7],
			[1, 24],
			[5, 3],
			[7, 1],
			[24, 1],
		] as const) {
			const changed = Uint8Array.from(route)
			changed[at] = value
			expect(decodeSteeringRoute(changed), `byte ${at}`).to.equal(undefined)
		}
	})

	it('of other tables, types and lengths are no local routes', () => {
		const payload = payloadOf(laidDown(new VipEncoder(7).route('add', address('10.96.0.10'))))
		for (const [at, value] of [
			[0, 7],
			[1, 24],
			[4, 254],
			[7, 1],
		] as const) {
			const changed = Uint8Array.from(payload)
			changed[at] = value
			expect(decodeLocalRoute(changed)).to.equal(undefined)
		}
	})
})
