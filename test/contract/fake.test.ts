import type {Doors} from '../../src/kernel/doors.ts'
import {VIP_DEVICE} from '../../src/state/addresses.ts'
import {address} from '../state/build.ts'
import type {Variant} from '../support/fake-kernel/fake-iptables.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {type Bench, formatFlow, type OpenDoors} from './bench.ts'
import {describeAllContracts} from './describe-all.ts'

const openFake =
	(variant: Variant): OpenDoors =>
	async () => {
		const open = () => new FakeKernel({variant, sysctls: {'net/ipv6/conf/default/disable_ipv6': '0'}})
		let kernel = open()
		const bench: Bench = {
			get doors(): Doors {
				return kernel.doors
			},
			get doorsToPrepare(): Doors {
				return kernel.doors
			},
			reset: async () => {
				kernel = open()
			},
			addAddress: async cidr => {
				const [text = '', length] = cidr.split('/')
				kernel.links.find(VIP_DEVICE)?.addresses.set(address(text), Number(length))
			},
			writeSetting: (path, value) => kernel.files.write(path, value),
			loadSets: async lines => kernel.ipset.load(lines.join('\n')),
			saveSets: async () => kernel.ipset.save(),
			addFlow: async flow => kernel.conntrack.load([flow]),
			listFlows: async () => kernel.conntrack.flows.map(flow => formatFlow({...flow, protocol: 'udp'})),
		}
		return bench
	}

describeAllContracts('the fake kernel with nft', openFake('nft'))
describeAllContracts('the fake kernel with legacy iptables', openFake('legacy'))
