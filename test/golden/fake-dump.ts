import {VIP_DEVICE} from '../../src/state/addresses.ts'
import type {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {renderTables} from '../support/fake-kernel/iptables-tables.ts'
import {type KernelDump, stateLines} from './state-lines.ts'

/** The state of a fake kernel in the lines of state.txt. */
export const fakeStateLines = (fake: FakeKernel): readonly string[] => {
	const device = fake.links.find(VIP_DEVICE)
	const dump: KernelDump = {
		servers: [...fake.ipvs.servers.values()].map(({server, realServers}) => ({
			server,
			realServers: [...realServers.values()].map(({realServer}) => realServer),
		})),
		vips: [...(device?.addresses.keys() ?? []), ...(device?.routes ?? [])],
		sets: fake.ipset.save(),
		rules: {ipv4: renderTables(fake.iptables.tables('ipv4')), ipv6: renderTables(fake.iptables.tables('ipv6'))},
	}
	return stateLines(dump)
}
