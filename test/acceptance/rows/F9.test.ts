import {expect} from 'chai'
import {address} from '../../state/build.ts'
import {DUAL_STACK, service, slice} from '../objects.ts'
import {row} from '../row.ts'
import type {World} from '../world.ts'

const addForeign = ({kernel}: World): void => {
	kernel.links.add('kube-ipvs0', false, [
		{address: address('198.18.0.1'), length: 32},
		{address: address('198.18.0.2'), length: 24},
		{address: address('2001:db8:9::1'), length: 128},
	])
}

row('F9', 'addresses on kube-ipvs0 that nobody wants are removed at the first sync', async world => {
	addForeign(world)
	world.given(service(DUAL_STACK), slice())
	if (world.isQuiet) {
		await world.advance(0)
		expect(world.observer.syncs.map(({kind}) => kind)).to.include('first')
	} else {
		await world.settled()
	}
	expect(world.vips()).to.deep.equal(['10.96.0.10', 'fd00:96::a'])
})

row('F9', 'so is one that somebody adds later', async world => {
	world.given(service(), slice())
	await world.settled()
	world.kernel.links.find('kube-ipvs0')?.addresses.set(address('198.18.0.1'), 32)
	await world.settled()
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
})
