import type {Doors} from '../../src/kernel/doors.ts'
import type {Variant} from '../support/fake-kernel/fake-iptables.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {type Bench, formatFlow, type OpenDoors} from './bench.ts'
import {describeAllContracts} from './describe-all.ts'

const openFake =
	(variant: Variant): OpenDoors =>
	async () => {
		let kernel = new FakeKernel({variant})
		const bench: Bench = {
			get doors(): Doors {
				return kernel.doors
			},
			reset: async () => {
				kernel = new FakeKernel({variant})
			},
			addFlow: async flow => kernel.conntrack.load([flow]),
			listFlows: async () => kernel.conntrack.flows.map(flow => formatFlow({...flow, protocol: 'udp'})),
		}
		return bench
	}

describeAllContracts('the fake kernel with nft', openFake('nft'))
describeAllContracts('the fake kernel with legacy iptables', openFake('legacy'))
