import {expect} from 'chai'
import type {Address} from '../../src/net/address.ts'
import {MAX_ADDRESSES} from '../../src/plan/addresses.ts'
import type {Binding, BindingMode} from '../../src/state/addresses.ts'
import {address} from '../state/build.ts'
import {framedKernel, planWhole, wanted} from './build.ts'

const vips = (count: number, family: 'ipv4' | 'ipv6' = 'ipv4'): readonly Address[] =>
	Array.from({length: count}, (_, at) =>
		address(family === 'ipv4' ? `10.96.${at >> 8}.${at & 255}` : `fd00:96::${(at + 1).toString(16)}`),
	)

const plan = (want: readonly Address[], bound: ReadonlyMap<Address, Binding>, mode: BindingMode) =>
	planWhole(wanted({vips: want}), framedKernel({bindings: bound}), mode)

const countOf = (operations: ReturnType<typeof plan>, binding: Binding): number =>
	operations.filter(operation => operation.kind === 'bind-vip' && operation.binding === binding).length

describe('binding VIPs', () => {
	for (const mode of ['address', 'route'] as const) {
		it(`is by ${mode} alone where that is configured`, () => {
			expect(countOf(plan(vips(1200), new Map(), mode), mode)).to.equal(1200)
		})
	}

	it('is by address for the first thousand of a family, by route beyond', () => {
		const operations = plan([...vips(1200), ...vips(1200, 'ipv6')], new Map(), 'auto')
		expect([countOf(operations, 'address'), countOf(operations, 'route')]).to.deep.equal([2000, 400])
		expect(MAX_ADDRESSES).to.equal(1000)
	})

	it('counts addresses that are there already', () => {
		const bound = new Map(vips(999).map(vip => [vip, 'address' as const]))
		const operations = plan(vips(1002), bound, 'auto')
		expect([countOf(operations, 'address'), countOf(operations, 'route')]).to.deep.equal([1, 2])
	})

	it('does not count routes that are there already', () => {
		const bound = new Map(vips(999).map(vip => [vip, 'route' as const]))
		expect(countOf(plan(vips(1002), bound, 'auto'), 'address')).to.equal(3)
	})

	it('leaves a VIP as it is bound, whatever the mode says', () => {
		const [vip = address('10.96.0.0')] = vips(1)
		for (const mode of ['address', 'route', 'auto'] as const) {
			expect(plan([vip], new Map([[vip, 'route']]), mode)).to.deep.equal([])
			expect(plan([vip], new Map([[vip, 'address']]), mode)).to.deep.equal([])
		}
	})

	it('is undone in the way in which it was done', () => {
		const [a = address('10.96.0.0'), b = a] = vips(2)
		const bound = new Map<Address, Binding>([
			[a, 'address'],
			[b, 'route'],
		])
		expect(plan([], bound, 'auto')).to.deep.equal([
			{kind: 'unbind-vip', address: a, binding: 'address'},
			{kind: 'unbind-vip', address: b, binding: 'route'},
		])
	})
})
