import {expect} from 'chai'
import type {Address} from '../../src/net/address.ts'
import {markedTargets} from '../../src/observe/marked-targets.ts'
import type {FlowTarget, Listen, VirtualServerState} from '../../src/state/ipvs.ts'
import {virtualServerKey} from '../../src/state/ipvs.ts'

const TARGET: FlowTarget = {protocol: 'udp', address: '203.0.113.5' as Address, port: 10_000, lastPort: 10_999}

const MARK: Listen = {kind: 'firewall-mark', family: 'ipv4', mark: 0x1001}

const ADDRESS: Listen = {kind: 'address', protocol: 'udp', address: TARGET.address, port: TARGET.port}

const serverFor = (listen: Listen): VirtualServerState => ({
	server: {key: virtualServerKey(listen), listen, scheduler: 'rr', flags: [], persistence: undefined},
	realServers: new Map(),
	flows: {destinations: [TARGET], serving: new Set()},
})

describe('what clients of firewall marks send to', () => {
	it('is told with the Service, of marks alone', () => {
		const servers = [serverFor(MARK), serverFor(ADDRESS)]
		const owners = new Map(servers.map(({server}) => [server.key, 'media/rtp']))
		expect(markedTargets(servers, owners)).to.deep.equal([{...TARGET, service: 'media/rtp'}])
	})

	it('is not told where nobody holds the mark', () => {
		expect(markedTargets([serverFor(MARK)], new Map())).to.deep.equal([])
	})
})
