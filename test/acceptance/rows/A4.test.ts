import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('A4', 'a Service of IPv4 alone has nothing in IPv6', async world => {
	const spec = {type: 'LoadBalancer', externalIPs: ['203.0.113.7', '2001:db8:f::7']}
	world.given(
		service(spec, {ingress: [{ip: '203.0.113.5'}, {ip: '2001:db8:f::5'}]}),
		slice(),
		slice(['fd00:244:0:1::5'], {name: 's-2'}),
	)
	await world.settled()
	expect(Object.keys(world.servers()).sort()).to.deep.equal([
		'tcp 10.96.0.10:80',
		'tcp 203.0.113.5:80',
		'tcp 203.0.113.7:80',
	])
	expect(world.vips()).to.deep.equal(['10.96.0.10', '203.0.113.5', '203.0.113.7'])
	const sets = [...world.kernel.ipset.sets].filter(([name]) => name.startsWith('KUBE-6-'))
	expect(sets.flatMap(([, {entries}]) => [...entries.keys()])).to.deep.equal([])
})
