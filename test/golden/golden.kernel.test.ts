import {expect} from 'chai'
import {systemClock} from '../../src/clock.ts'
import {openSystemDoors} from '../../src/kernel/system-doors.ts'
import {judge} from './allowances.ts'
import {compareStates} from './compare.ts'
import {caseNamed, type GoldenCase, readCases} from './golden-case.ts'
import {NOT_YET} from './not-yet.ts'
import {openRealHost, type RealHost} from './real-host.ts'
import {serveOnce} from './run-case.ts'

/** At least one for each kind of Service, policy, protocol and family, and every one with a host of its own. */
const NAMES = [
	'A5-ipv6-first',
	'B2-other-address-types',
	'B5-numbers-differ',
	'B6-same-address-thrice',
	'B9-ready-and-terminating',
	'B10-only-terminating',
	'C1-zone-hints',
	'C9-etp-local',
	'C11-etp-local-only-remote',
	'C12-itp-local',
	'D2-ipv6',
	'D3-no-endpoints',
	'D6-external-ip-etp-local',
	'D7-external-ip-on-eth0',
	'D8-external-ips-both-families',
	'D10-load-balancer',
	'D14-source-ranges',
	'D15-source-ranges-with-node',
	'D16-source-ranges-all',
	'D18-source-range-host',
	'D19-nodeport-tcp',
	'D20-nodeport-udp',
	'D25-lb-without-nodeport',
	'D26-nodeport-ipv6',
	'D28-affinity',
	'D31-health-check-port',
	'M1-thirty-services',
	'E1-no-services',
	'D29-scheduler-mh',
	'D21-nodeport-sctp',
	'D23-nodeport-addresses',
	'D30-scheduler-changed',
	'E8-foreign-rules',
	'E11-jumps-present',
	'F9-foreign-address',
	'F10-exclude-cidrs',
	'G6-weight-zero-at-start',
	'K8-nodeport-primary',
]

describe('the kernel states of kube-proxy, on the real kernel', function () {
	this.timeout(300_000)
	const cases = readCases()
	let host: RealHost
	/** What the kernel was last left with; nothing before the first case and after one with a host of its own. */
	let previous = ''

	before(async () => {
		host = await openRealHost(openSystemDoors(systemClock))
	})

	after(async () => {
		try {
			await host.leave()
		} finally {
			host.doors.netlink.close()
		}
	})

	/** A case of the same configuration follows on what the one before it has left: nothing of that may stay. */
	const prepare = async (golden: GoldenCase) => {
		const config = JSON.stringify(golden.config)
		if (config !== previous || golden.host.length > 0) {
			await host.reset(golden.host)
		}
		previous = golden.host.length > 0 ? '' : config
	}

	for (const golden of NAMES.map(name => caseNamed(cases, name)).filter(({name}) => NOT_YET[name] === undefined)) {
		it(golden.name, async () => {
			await prepare(golden)
			await serveOnce(host, golden)
			expect(judge(golden, compareStates(golden.state, await host.stateLines()))).to.deep.equal([])
		})
	}
})
