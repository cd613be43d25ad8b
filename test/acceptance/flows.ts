import type {Protocol} from '../../src/net/protocol.ts'
import type {BenchFlow} from '../contract/bench.ts'
import {address} from '../state/build.ts'
import type {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {port, service, slice, slicePort} from './objects.ts'

/** `udp 10.96.0.10:53 -> 10.244.1.5:53`, from a client outside. */
export const flow = (text: string, clientPort = 4001): BenchFlow => {
	const [, protocol = '', vip = '', vipPort, realServer = '', realServerPort] =
		/^(\w+) (\S+):(\d+) -> (\S+):(\d+)$/.exec(text) ?? []
	return {
		...{protocol: protocol as Protocol, client: address('203.0.113.77'), clientPort},
		...{vip: address(vip), vipPort: Number(vipPort)},
		...{realServer: address(realServer), realServerPort: Number(realServerPort)},
	}
}

/** The flows that are left, as `flow` takes them. */
export const flowsOf = ({conntrack}: FakeKernel): readonly string[] =>
	conntrack.flows.map(
		({protocol, vip, vipPort, realServer, realServerPort}) =>
			`${protocol} ${vip}:${vipPort} -> ${realServer}:${realServerPort}`,
	)

/** `ns/s` on port 53 of another protocol, and its slice with endpoints on port 53. */
export const dnsService = (protocol = 'UDP', spec: Readonly<Record<string, unknown>> = {}) =>
	service({ports: [port({port: 53, protocol})], ...spec})

export const dnsSlice = (endpoints: Parameters<typeof slice>[0], number = 53, protocol = 'UDP') =>
	slice(endpoints, {ports: [slicePort({port: number, protocol})]})
