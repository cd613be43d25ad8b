import {expect} from 'chai'
import fc from 'fast-check'
import {familyOf} from '../../src/net/address.ts'
import {addressCountsOf, VipBindings} from '../../src/plan/vip-bindings.ts'
import {address} from '../state/build.ts'

const VIPS = ['10.96.0.1', '10.96.0.2', '10.96.0.3', 'fd00:96::1', 'fd00:96::2'].map(address)
const step = fc.tuple(fc.constantFrom(...VIPS), fc.constantFrom('address' as const, 'route' as const, undefined))

describe('the bindings of VIPs', () => {
	it('are counted, whatever came and went', () => {
		fc.assert(
			fc.property(fc.array(step, {maxLength: 20}), fc.array(step, {maxLength: 20}), (before, after) => {
				const bindings = new VipBindings(new Map(before.flatMap(([vip, how]) => (how ? [[vip, how]] : []))))
				for (const [vip, how] of after) {
					how ? bindings.set(vip, how) : bindings.delete(vip)
				}
				const counts = {ipv4: 0, ipv6: 0}
				for (const [vip, how] of bindings) {
					counts[familyOf(vip)] += how === 'address' ? 1 : 0
				}
				expect(bindings.addressCounts).to.deep.equal(counts)
				expect(addressCountsOf(new Map(bindings))).to.deep.equal(counts)
				bindings.clear()
				expect(bindings.addressCounts).to.deep.equal({ipv4: 0, ipv6: 0})
			}),
		)
	})
})
