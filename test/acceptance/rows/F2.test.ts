import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'
import type {World} from '../world.ts'

const arp = ({kernel}: World) =>
	['arp_ignore', 'arp_announce'].map(name => kernel.files.texts.get(`/proc/sys/net/ipv4/conf/all/${name}`))

row('F2', 'strictARP keeps the node from answering for VIPs', {config: {strictARP: true}}, async world => {
	world.given(service(), slice())
	await world.settled()
	expect(arp(world)).to.deep.equal(['1\n', '2\n'])
})

row('F2', 'without strictARP the settings for ARP are left alone', async world => {
	const before = arp(world)
	world.given(service(), slice())
	await world.settled()
	expect(arp(world)).to.deep.equal(before)
	expect(world.writes().filter(call => 'path' in call && call.path.includes('arp'))).to.deep.equal([])
})
