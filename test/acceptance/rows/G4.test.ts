import {expect} from 'chai'
import {LOCAL, port, service, slice, slicePort} from '../objects.ts'
import {row} from '../row.ts'

/** Neither an audit nor a look at what drains helps. */
const RARELY = {config: {auditInterval: '1h', drainInterval: '1h'}}

row('G4', 'endpoints of UDP and SCTP go at once, with their connections', RARELY, async world => {
	const ports = [port({name: 'u', protocol: 'UDP'}), port({name: 'x', protocol: 'SCTP'})]
	const slicePorts = [slicePort({name: 'u', protocol: 'UDP'}), slicePort({name: 'x', protocol: 'SCTP'})]
	world.given(service({ports}), slice(undefined, {ports: slicePorts}))
	await world.settled()
	for (const server of ['udp 10.96.0.10:80', 'sctp 10.96.0.10:80']) {
		world.kernel.ipvs.setConnections(server, '10.244.2.5:8080', 3, 2)
	}
	world.change(slice(['10.244.1.5'], {ports: slicePorts}))
	if (world.isQuiet) {
		await world.advance(100)
		expect(world.realServers('udp 10.96.0.10:80')).to.deep.equal(LOCAL)
		expect(world.realServers('sctp 10.96.0.10:80')).to.deep.equal(LOCAL)
	}
	await world.settled()
	expect(world.realServers('udp 10.96.0.10:80')).to.deep.equal(LOCAL)
	expect(world.realServers('sctp 10.96.0.10:80')).to.deep.equal(LOCAL)
})
