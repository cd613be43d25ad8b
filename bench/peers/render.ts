import {formatSocketAddress} from '../../src/net/address.ts'
import type {Protocol} from '../../src/net/protocol.ts'
import {VIP_DEVICE} from '../../src/state/addresses.ts'
import type {Listen, RealServer, VirtualServerState} from '../../src/state/ipvs.ts'
import type {BenchState} from '../state.ts'

/** Lines for `ipvsadm -R`. */
export const renderIpvsadm = ({virtualServers}: BenchState): string =>
	virtualServers
		.map(state => {
			const {protocol, address, port} = plainListenOf(state)
			const server = `${OPTIONS[protocol]} ${formatSocketAddress(address, port)}`
			const realServers = [...state.realServers.values()].map(
				({address, port, weight}) => `-a ${server} -r ${formatSocketAddress(address, port)} -m -w ${weight}\n`,
			)
			return `-A ${server} -s ${state.server.scheduler}\n${realServers.join('')}`
		})
		.join('')

const OPTIONS: Readonly<Record<Protocol, string>> = {tcp: '-t', udp: '-u', sctp: '--sctp-service'}

/** Lines for `ip -batch`: each VIP as an address on the device. */
export const renderIpBatch = ({vips}: BenchState): string =>
	vips.map(vip => `address add ${vip}/${vip.includes(':') ? 128 : 32} dev ${VIP_DEVICE}\n`).join('')

/** A configuration without health checks: every real server serves from the beginning. */
export const renderKeepalived = ({virtualServers}: BenchState): string =>
	virtualServers
		.map(state => {
			const {protocol, address, port} = plainListenOf(state)
			return [
				`virtual_server ${address} ${port} {`,
				`    lvs_sched ${state.server.scheduler}`,
				'    lvs_method NAT',
				`    protocol ${protocol.toUpperCase()}`,
				...[...state.realServers.values()].map(realServerBlock),
				'}\n',
			].join('\n')
		})
		.join('')

const realServerBlock = ({address, port, weight}: RealServer): string =>
	`    real_server ${address} ${port} {\n        weight ${weight}\n    }`

/** Throws for anything but masquerading without persistence, flags or limits: it would not be rendered truly. */
const plainListenOf = ({server, realServers}: VirtualServerState): Extract<Listen, {readonly kind: 'address'}> => {
	const {listen, flags, persistence} = server
	const isPlain = realServers.values().every(({forwarding, limits}) => forwarding === 'masquerade' && !limits)
	if (listen.kind !== 'address' || flags.length > 0 || persistence || !isPlain) {
		throw new Error(`${server.key}: not in the form that the peers are given`)
	}
	return listen
}
