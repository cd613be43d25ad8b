import {expect} from 'chai'
import fc from 'fast-check'
import {addressToBytes, FAMILIES} from '../../src/net/address.ts'
import {putAddress} from '../../src/net/put-address.ts'
import {addressOf} from '../state/arbitraries.ts'

describe('an address that is laid down', () => {
	for (const family of FAMILIES) {
		it(`has its bytes in their place, and touches no others: ${family}`, () => {
			fc.assert(
				fc.property(addressOf(family), fc.nat(20), (address, at) => {
					const target = new Uint8Array(40).fill(0xee)
					const bytes = addressToBytes(address)
					expect(putAddress(target, at, address, family)).to.equal(true)
					const expected = new Uint8Array(40).fill(0xee)
					expected.set(bytes, at)
					expect(target).to.deep.equal(expected)
				}),
			)
		})
	}

	for (const text of ['::', '::1', '1::', 'fd00::', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:0:8', '2001:db8::1:0:0:1']) {
		it(`can be ${text}`, () => {
			const target = new Uint8Array(16)
			expect(putAddress(target, 0, text, 'ipv6')).to.equal(true)
			expect([...target]).to.deep.equal(addressToBytes(text as never))
		})
	}

	for (const text of ['', '10.0.0', '10.0.0.256', '::1', '10.0.0.1/32', ' 10.0.0.1']) {
		it(`is none of IPv4: "${text}"`, () => {
			expect(putAddress(new Uint8Array(16), 0, text, 'ipv4')).to.equal(false)
		})
	}

	for (const text of ['', '10.0.0.1', ':::', '1:2', '::10.0.0.1', 'fe80::1%1', '::1/128', '::12345']) {
		it(`is none of IPv6: "${text}"`, () => {
			expect(putAddress(new Uint8Array(16), 0, text, 'ipv6')).to.equal(false)
		})
	}
})
