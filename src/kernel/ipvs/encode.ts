import {addressToBytes, bitsOf, type Family, familyOf} from '../../net/address.ts'
import {PROTOCOL_NUMBERS} from '../../net/protocol.ts'
import {
	type ForwardingMethod,
	type IpvsTimeouts,
	listenFamily,
	type RealServer,
	type VirtualServer,
	type VirtualServerFlag,
} from '../../state/ipvs.ts'
import {putPort, putUint16, putUint32, uint32} from '../netlink/bytes.ts'
import {NLM_F_DUMP, NLM_F_REQUEST} from '../netlink/constants.ts'
import {familyNumber} from '../netlink/family.ts'
import {type Encoded, type Field, Template} from '../netlink/template.ts'
import * as k from './constants.ts'

type ServiceSlot = 'family' | 'protocol' | 'address' | 'port' | 'mark' | 'scheduler' | 'flags' | 'timeout' | 'netmask'
type DestSlot = 'destFamily' | 'destAddress' | 'destPort' | 'method' | 'weight' | 'upper' | 'lower'
type TimeoutSlot = 'tcp' | 'tcpFin' | 'udp'
type Offsets<Slot extends string> = Readonly<Record<Slot, number>>

/** Encodes IPVS commands. The number of the generic netlink family differs from kernel to kernel. */
export class IpvsEncoder {
	readonly #services: Record<Listening, (command: number) => Template<ServiceSlot>>
	readonly #dests: Record<Listening, (command: number) => Template<ServiceSlot | DestSlot>>
	readonly #dumpDests: Record<Listening, (command: number) => Template<ServiceSlot>>
	readonly #dump: Template<never>
	readonly #setConfig: Template<TimeoutSlot>
	readonly #getConfig: Template<never>

	constructor(familyId: number) {
		const make = <Slot extends string>(command: number, fields: readonly Field<Slot>[], flags = 0) =>
			new Template<Slot>({type: familyId, flags: NLM_F_REQUEST | flags, header: genlHeader(command), fields})
		const service = (listening: Listening) =>
			once(command => make(command, [serviceNest([...IDENTITY[listening], ...SETTINGS])]))
		const dest = (listening: Listening) => once(command => make(command, [serviceNest(IDENTITY[listening]), DEST_NEST]))
		this.#services = {address: service('address'), 'firewall-mark': service('firewall-mark')}
		this.#dests = {address: dest('address'), 'firewall-mark': dest('firewall-mark')}
		const dests = (listening: Listening) =>
			once(command => make(command, [serviceNest(IDENTITY[listening])], NLM_F_DUMP))
		this.#dumpDests = {address: dests('address'), 'firewall-mark': dests('firewall-mark')}
		this.#dump = make<never>(k.IPVS_CMD_GET_SERVICE, [], NLM_F_DUMP)
		this.#setConfig = make(k.IPVS_CMD_SET_CONFIG, TIMEOUTS)
		this.#getConfig = make<never>(k.IPVS_CMD_GET_CONFIG, [])
	}

	/** NEW, SET and DEL_SERVICE. */
	service(command: number, server: VirtualServer): Encoded {
		return this.#services[server.listen.kind](command).fill((target, base, at) => {
			putIdentity(target, base, at, server)
			putSettings(target, base, at, server)
		})
	}

	/** NEW, SET and DEL_DEST. */
	dest(command: number, server: VirtualServer, realServer: RealServer): Encoded {
		return this.#dests[server.listen.kind](command).fill((target, base, at) => {
			putIdentity(target, base, at, server)
			putRealServer(target, base, at, realServer)
		})
	}

	/** Asks for all destinations of one service. */
	dumpDests(server: VirtualServer): Encoded {
		return this.#dumpDests[server.listen.kind](k.IPVS_CMD_GET_DEST).fill((target, base, at) =>
			putIdentity(target, base, at, server),
		)
	}

	/** Asks for all services. */
	dumpServices(): Encoded {
		return this.#dump.fill(() => undefined)
	}

	/** The timeouts in seconds; 0 leaves one as it is (ip_vs_ctl.c, ip_vs_set_timeout). */
	setTimeouts({tcpSeconds, tcpFinSeconds, udpSeconds}: IpvsTimeouts): Encoded {
		return this.#setConfig.fill((target, base, at) => {
			putUint32(target, base + at.tcp, tcpSeconds)
			putUint32(target, base + at.tcpFin, tcpFinSeconds)
			putUint32(target, base + at.udp, udpSeconds)
		})
	}

	getTimeouts(): Encoded {
		return this.#getConfig.fill(() => undefined)
	}
}

type Listening = VirtualServer['listen']['kind']

const genlHeader = (command: number): Uint8Array => new Uint8Array([command, k.IPVS_GENL_VERSION, 0, 0])

const serviceNest = <Slot extends string>(nest: readonly Field<Slot>[]): Field<Slot> => ({
	type: k.IPVS_CMD_ATTR_SERVICE,
	nest,
})

const slot = <Slot extends string>(name: Slot, type: number, size: number): Field<Slot> => ({type, slot: name, size})

const IDENTITY: Record<Listening, readonly Field<ServiceSlot>[]> = {
	address: [
		slot('family', k.IPVS_SVC_ATTR_AF, 2),
		slot('protocol', k.IPVS_SVC_ATTR_PROTOCOL, 2),
		slot('address', k.IPVS_SVC_ATTR_ADDR, k.ADDRESS_SIZE),
		slot('port', k.IPVS_SVC_ATTR_PORT, 2),
	],
	'firewall-mark': [slot('family', k.IPVS_SVC_ATTR_AF, 2), slot('mark', k.IPVS_SVC_ATTR_FWMARK, 4)],
}

const SETTINGS: readonly Field<ServiceSlot>[] = [
	slot('scheduler', k.IPVS_SVC_ATTR_SCHED_NAME, k.SCHEDULER_NAME_SIZE),
	slot('flags', k.IPVS_SVC_ATTR_FLAGS, 8),
	slot('timeout', k.IPVS_SVC_ATTR_TIMEOUT, 4),
	slot('netmask', k.IPVS_SVC_ATTR_NETMASK, 4),
]

const TIMEOUTS: readonly Field<TimeoutSlot>[] = [
	slot('tcp', k.IPVS_CMD_ATTR_TIMEOUT_TCP, 4),
	slot('tcpFin', k.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, 4),
	slot('udp', k.IPVS_CMD_ATTR_TIMEOUT_UDP, 4),
]

const DEST_NEST: Field<DestSlot> = {
	type: k.IPVS_CMD_ATTR_DEST,
	nest: [
		slot('destFamily', k.IPVS_DEST_ATTR_ADDR_FAMILY, 2),
		slot('destAddress', k.IPVS_DEST_ATTR_ADDR, k.ADDRESS_SIZE),
		slot('destPort', k.IPVS_DEST_ATTR_PORT, 2),
		slot('method', k.IPVS_DEST_ATTR_FWD_METHOD, 4),
		slot('weight', k.IPVS_DEST_ATTR_WEIGHT, 4),
		slot('upper', k.IPVS_DEST_ATTR_U_THRESH, 4),
		slot('lower', k.IPVS_DEST_ATTR_L_THRESH, 4),
	],
}

const once = <Value>(make: (command: number) => Value): ((command: number) => Value) => {
	const made = new Map<number, Value>()
	return command => {
		const value = made.get(command) ?? make(command)
		made.set(command, value)
		return value
	}
}

const putIdentity = (target: Uint8Array, base: number, at: Offsets<ServiceSlot>, {listen}: VirtualServer): void => {
	putUint16(target, base + at.family, familyNumber(listenFamily(listen)))
	if (listen.kind === 'firewall-mark') {
		putUint32(target, base + at.mark, listen.mark)
		return
	}
	putUint16(target, base + at.protocol, PROTOCOL_NUMBERS[listen.protocol])
	target.set(addressToBytes(listen.address), base + at.address)
	putPort(target, base + at.port, listen.port)
}

const FLAGS: Record<VirtualServerFlag, number> = {
	'one-packet': k.IP_VS_SVC_F_ONEPACKET,
	'scheduler-1': k.IP_VS_SVC_F_SCHED1,
	'scheduler-2': k.IP_VS_SVC_F_SCHED2,
	'scheduler-3': k.IP_VS_SVC_F_SCHED3,
}

const putSettings = (target: Uint8Array, base: number, at: Offsets<ServiceSlot>, server: VirtualServer): void => {
	const {scheduler, persistence, listen} = server
	target.set(Buffer.from(scheduler, 'latin1').subarray(0, k.SCHEDULER_NAME_SIZE - 1), base + at.scheduler)
	const flags = server.flags.reduce((sum, flag) => sum | FLAGS[flag], persistence ? k.IP_VS_SVC_F_PERSISTENT : 0)
	putUint32(target, base + at.flags, flags)
	putUint32(target, base + at.flags + 4, 0xffffffff)
	putUint32(target, base + at.timeout, persistence?.timeoutSeconds ?? 0)
	const family = listenFamily(listen)
	target.set(netmask(family, persistence?.prefixLength ?? bitsOf(family)), base + at.netmask)
}

/** An IPv4 mask in network byte order; the prefix length itself for IPv6 (ip_vs_ctl.c, ip_vs_genl_parse_service). */
const netmask = (family: Family, prefixLength: number): Uint8Array => {
	if (family === 'ipv6') {
		return uint32(prefixLength)
	}
	const mask = prefixLength === 0 ? 0 : (0xffffffff << (32 - prefixLength)) >>> 0
	return uint32(mask).reverse()
}

const METHODS: Record<ForwardingMethod, number> = {
	masquerade: k.IP_VS_CONN_F_MASQ,
	'direct-routing': k.IP_VS_CONN_F_DROUTE,
	tunnel: k.IP_VS_CONN_F_TUNNEL,
}

const putRealServer = (target: Uint8Array, base: number, at: Offsets<DestSlot>, realServer: RealServer): void => {
	putUint16(target, base + at.destFamily, familyNumber(familyOf(realServer.address)))
	target.set(addressToBytes(realServer.address), base + at.destAddress)
	putPort(target, base + at.destPort, realServer.port)
	putUint32(target, base + at.method, METHODS[realServer.forwarding])
	putUint32(target, base + at.weight, realServer.weight)
}
