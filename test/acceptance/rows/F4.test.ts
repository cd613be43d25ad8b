import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

const RIGHT = {
	'net/ipv4/vs/conntrack': '1',
	'net/ipv4/vs/expire_nodest_conn': '1',
	'net/ipv4/vs/expire_quiescent_template': '1',
	'net/ipv4/ip_forward': '1',
}

row('F4', 'settings that are right are not written', {host: {sysctls: RIGHT}}, async world => {
	world.given(service(), slice())
	await world.settled()
	if (world.isQuiet) {
		expect(world.calls().filter(({door}) => door === 'write')).to.deep.equal([])
	}
	for (const [path, value] of Object.entries(RIGHT)) {
		expect(world.kernel.files.texts.get(`/proc/sys/${path}`)).to.equal(`${value}\n`)
	}
})

row('F4', 'settings that are right but cannot be written are no failure', {host: {sysctls: RIGHT}}, async world => {
	for (const path of Object.keys(RIGHT)) {
		world.kernel.failNext({kind: 'write', path: `/proc/sys/${path}`, code: 'EROFS'}, Number.POSITIVE_INFINITY)
	}
	world.given(service(), slice())
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).not.to.equal(undefined)
})

row('F4', 'a setting that somebody else changes is mended', async world => {
	world.given(service(), slice())
	await world.settled()
	world.kernel.files.texts.set('/proc/sys/net/ipv4/vs/expire_nodest_conn', '0\n')
	await world.settled()
	expect(world.kernel.files.texts.get('/proc/sys/net/ipv4/vs/expire_nodest_conn')).to.equal('1\n')
})
