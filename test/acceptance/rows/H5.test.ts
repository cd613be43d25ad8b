import {expect} from 'chai'
import {BOTH, service, slice} from '../objects.ts'
import {lastUpdatedIn} from '../reports.ts'
import {row} from '../row.ts'

const FAMILY = {ip_family: 'IPv4'}

row('H5', 'where rules cannot be restored, nothing goes, and the sync does not count as done', async world => {
	world.given(service(), slice())
	await world.settled()
	world.kernel.iptables.load('ipv4', '*nat\n-F KUBE-SERVICES\nCOMMIT\n')
	world.remove(service())
	await world.restart()
	const started = await lastUpdatedIn(world)
	if (world.isQuiet) {
		world.kernel.failNext({kind: 'exec', program: 'iptables-nft-restore', exitCode: 4, stderr: 'no luck'}, 100)
		await world.advance(100)
		expect(world.vips()).to.deep.equal(['10.96.0.10'])
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
		expect(await world.metric('kubeproxy_sync_proxy_rules_iptables_restore_failures_total', FAMILY)).to.equal(1)
		expect(await world.metric('kubeproxy_sync_proxy_rules_last_timestamp_seconds', FAMILY)).to.equal(undefined)
		expect(await lastUpdatedIn(world)).to.equal(started)
		world.kernel.faults.clear()
	}
	await world.settled()
	expect(world.vips()).to.deep.equal([])
	expect(world.servers()).to.deep.equal({})
	expect(await world.metric('kubeproxy_sync_proxy_rules_last_timestamp_seconds', FAMILY)).to.be.above(0)
	expect(await lastUpdatedIn(world)).to.be.above(started)
})

row('H5', 'so it is in the middle of a run', async world => {
	world.given(service(), slice())
	await world.settled()
	world.kernel.iptables.load('ipv4', '*nat\n-F KUBE-SERVICES\nCOMMIT\n')
	if (world.isQuiet) {
		world.kernel.failNext({kind: 'exec', program: 'iptables-nft-restore', exitCode: 4, stderr: 'no luck'}, 100)
		await world.advance(1000)
		world.remove(service())
		await world.advance(5000)
		expect(world.vips()).to.deep.equal(['10.96.0.10'])
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
		world.kernel.faults.clear()
	}
	world.remove(service())
	await world.settled()
	expect(world.vips()).to.deep.equal([])
	expect(world.servers()).to.deep.equal({})
})
