import {expect} from 'chai'
import {realServer, virtualServer} from '../../state/build.ts'
import {DUAL_STACK, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const V6 = {'[fd00:244:0:1::5]:8080': 1}

row('F12', 'a change of one family leaves the virtual servers of the other untouched', async world => {
	world.given(service(DUAL_STACK), slice(), slice(['fd00:244:0:1::5'], {name: 's-2'}))
	await world.settled()
	const before = world.servers()['tcp [fd00:96::a]:80']
	expect(before?.realServers).to.deep.equal(V6)
	world.kernel.ipvs.setConnections('tcp [fd00:96::a]:80', '[fd00:244:0:1::5]:8080', 3)
	world.change(slice(['10.244.1.6']))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({'10.244.1.6:8080': 1})
	expect(world.servers()['tcp [fd00:96::a]:80']).to.deep.equal(before)
	const counters = world.kernel.ipvs.servers
		.get('tcp [fd00:96::a]:80')
		?.realServers.get('[fd00:244:0:1::5]:8080')?.counters
	expect(counters?.activeConnections).to.equal(3)
})

row(
	'F12',
	'where only IPv4 is served, virtual servers of IPv6 are left alone',
	{facts: {families: ['ipv4']}},
	async world => {
		world.kernel.ipvs.load(virtualServer('tcp [2001:db8::99]:80'), [realServer('[2001:db8::98]:80')])
		world.given(service(), slice())
		await world.settled()
		expect(world.realServers('tcp [2001:db8::99]:80')).to.deep.equal({'[2001:db8::98]:80': 1})
	},
)
