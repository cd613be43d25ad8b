import {bitsOf, type Family, familyOf} from '../../net/address.ts'
import {PROTOCOL_NUMBERS} from '../../net/protocol.ts'
import {layDownAddress} from '../../net/put-address.ts'
import {
	type ForwardingMethod,
	type IpvsTimeouts,
	listenFamily,
	type RealServer,
	type Tunnel,
	type TunnelChecksum,
	type TunnelType,
	type VirtualServer,
	type VirtualServerFlag,
} from '../../state/ipvs.ts'
import {putPort, putUint16, putUint32, putUint32BE} from '../netlink/bytes.ts'
import {NLM_F_DUMP, NLM_F_REQUEST} from '../netlink/constants.ts'
import {familyNumber} from '../netlink/family.ts'
import {type Encoded, type Field, Template} from '../netlink/template.ts'
import * as k from './constants.ts'
import {
	DEST,
	type DestSlot,
	destNest,
	ENGINE,
	IDENTITY,
	type IdentitySlot,
	type Listening,
	SETTINGS,
	type ServiceSlot,
	serviceNest,
	TIMEOUTS,
	type TimeoutSlot,
	TUNNEL,
	type TunnelSlot,
} from './layouts.ts'

type Offsets<Slot extends string> = Readonly<Record<Slot, number>>

/** Encodes IPVS commands. The number of the generic netlink family differs from kernel to kernel. */
export class IpvsEncoder {
	readonly #services: Record<Listening, Templates<ServiceSlot>>
	readonly #servicesWithEngine: Record<Listening, Templates<ServiceSlot>>
	readonly #dests: Record<Listening, Templates<IdentitySlot | DestSlot>>
	readonly #destsByTunnel: Record<Listening, Templates<IdentitySlot | DestSlot | TunnelSlot>>
	readonly #dumpDests: Record<Listening, Templates<IdentitySlot>>
	readonly #dump: Template<never>
	readonly #identified: Record<Listening, Templates<IdentitySlot>>
	readonly #zeroAll: Template<never>
	readonly #setConfig: Template<TimeoutSlot>
	readonly #getConfig: Template<never>

	constructor(familyId: number) {
		const make = <Slot extends string>(command: number, fields: readonly Field<Slot>[], flags = 0) =>
			new Template<Slot>({type: familyId, flags: NLM_F_REQUEST | flags, header: genlHeader(command), fields})
		const templates = <Slot extends string>(
			fieldsOf: (identity: readonly Field<IdentitySlot>[]) => readonly Field<Slot>[],
			flags = 0,
		): Record<Listening, Templates<Slot>> => ({
			address: once(command => make(command, fieldsOf(IDENTITY.address), flags)),
			'firewall-mark': once(command => make(command, fieldsOf(IDENTITY['firewall-mark']), flags)),
		})
		this.#services = templates(identity => [serviceNest<ServiceSlot>([...identity, ...SETTINGS])])
		this.#servicesWithEngine = templates(identity => [serviceNest<ServiceSlot>([...identity, ...SETTINGS, ENGINE])])
		this.#dests = templates(identity => [serviceNest(identity), destNest(DEST)])
		this.#destsByTunnel = templates(identity => [
			serviceNest(identity),
			destNest<DestSlot | TunnelSlot>([...DEST, ...TUNNEL]),
		])
		this.#dumpDests = templates(identity => [serviceNest(identity)], NLM_F_DUMP)
		this.#dump = make<never>(k.IPVS_CMD_GET_SERVICE, [], NLM_F_DUMP)
		this.#identified = templates(identity => [serviceNest(identity)])
		this.#zeroAll = make<never>(k.IPVS_CMD_ZERO, [])
		this.#setConfig = make(k.IPVS_CMD_SET_CONFIG, TIMEOUTS)
		this.#getConfig = make<never>(k.IPVS_CMD_GET_CONFIG, [])
	}

	/** NEW, SET and DEL_SERVICE. A persistence engine that is not named is taken away. */
	service(command: number, server: VirtualServer): Encoded {
		const engine = server.persistence?.engine
		const templates = engine === undefined ? this.#services : this.#servicesWithEngine
		return templates[server.listen.kind](command).fill((target, base, at) => {
			putIdentity(target, base, at, server)
			putSettings(target, base, at, server)
			if (engine !== undefined) {
				putName(target, base + at.engine, engine)
			}
		})
	}

	/** NEW, SET and DEL_DEST. A plain one names no tunnel: kernels before 5.2 know none, later ones take ipip then. */
	dest(command: number, server: VirtualServer, realServer: RealServer): Encoded {
		const {tunnel} = realServer
		if (tunnel && tunnel.type !== 'ipip' && realServer.forwarding === 'tunnel') {
			return this.#destsByTunnel[server.listen.kind](command).fill((target, base, at) => {
				putIdentity(target, base, at, server)
				putRealServer(target, base, at, realServer)
				putTunnel(target, base, at, tunnel)
			})
		}
		return this.#dests[server.listen.kind](command).fill((target, base, at) => {
			putIdentity(target, base, at, server)
			putRealServer(target, base, at, realServer)
		})
	}

	/** Asks for one service; ESRCH where it is not there. */
	getService(server: VirtualServer): Encoded {
		return identify(this.#identified, k.IPVS_CMD_GET_SERVICE, server)
	}

	/** Asks for all destinations of one service. */
	dumpDests(server: VirtualServer): Encoded {
		return identify(this.#dumpDests, k.IPVS_CMD_GET_DEST, server)
	}

	/** Asks for all services. */
	dumpServices(): Encoded {
		return this.#dump.fill(() => undefined)
	}

	/** Sets the statistics of a service and its destinations back, or all of them; connections go on being counted. */
	zero(server?: VirtualServer): Encoded {
		return server ? identify(this.#identified, k.IPVS_CMD_ZERO, server) : this.#zeroAll.fill(() => undefined)
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

/** One for each command. */
type Templates<Slot extends string> = (command: number) => Template<Slot>

const genlHeader = (command: number): Uint8Array => new Uint8Array([command, k.IPVS_GENL_VERSION, 0, 0])

const once = <Value>(make: (command: number) => Value): ((command: number) => Value) => {
	const made = new Map<number, Value>()
	return command => {
		const value = made.get(command) ?? make(command)
		made.set(command, value)
		return value
	}
}

const identify = (
	templates: Record<Listening, Templates<IdentitySlot>>,
	command: number,
	server: VirtualServer,
): Encoded => templates[server.listen.kind](command).fill((target, base, at) => putIdentity(target, base, at, server))

const putIdentity = (target: Uint8Array, base: number, at: Offsets<IdentitySlot>, {listen}: VirtualServer): void => {
	putUint16(target, base + at.family, familyNumber(listenFamily(listen)))
	if (listen.kind === 'firewall-mark') {
		putUint32(target, base + at.mark, listen.mark)
		return
	}
	putUint16(target, base + at.protocol, PROTOCOL_NUMBERS[listen.protocol])
	layDownAddress(target, base + at.address, listen.address)
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
	putName(target, base + at.scheduler, scheduler)
	let flags = persistence ? k.IP_VS_SVC_F_PERSISTENT : 0
	for (const flag of server.flags) {
		flags |= FLAGS[flag]
	}
	putUint32(target, base + at.flags, flags)
	putUint32(target, base + at.flags + 4, 0xffffffff)
	putUint32(target, base + at.timeout, persistence?.timeoutSeconds ?? 0)
	const family = listenFamily(listen)
	putNetmask(target, base + at.netmask, family, persistence?.prefixLength ?? bitsOf(family))
}

/** The template has the final NUL. */
const putName = (target: Uint8Array, at: number, name: string): void => {
	for (let index = 0; index < Math.min(name.length, k.NAME_SIZE - 1); index++) {
		target[at + index] = name.charCodeAt(index)
	}
}

/** An IPv4 mask in network byte order; the prefix length itself for IPv6 (ip_vs_ctl.c, ip_vs_genl_parse_service). */
const putNetmask = (target: Uint8Array, at: number, family: Family, prefixLength: number): void => {
	if (family === 'ipv6') {
		putUint32(target, at, prefixLength)
		return
	}
	putUint32BE(target, at, prefixLength === 0 ? 0 : 0xffffffff << (32 - prefixLength))
}

const METHODS: Record<ForwardingMethod, number> = {
	masquerade: k.IP_VS_CONN_F_MASQ,
	'direct-routing': k.IP_VS_CONN_F_DROUTE,
	tunnel: k.IP_VS_CONN_F_TUNNEL,
}

const putRealServer = (target: Uint8Array, base: number, at: Offsets<DestSlot>, realServer: RealServer): void => {
	putUint16(target, base + at.destFamily, familyNumber(familyOf(realServer.address)))
	layDownAddress(target, base + at.destAddress, realServer.address)
	putPort(target, base + at.destPort, realServer.port)
	putUint32(target, base + at.method, METHODS[realServer.forwarding])
	putUint32(target, base + at.weight, realServer.weight)
	if (realServer.limits) {
		putUint32(target, base + at.upper, realServer.limits.upper)
		putUint32(target, base + at.lower, realServer.limits.lower)
	}
}

const TUNNEL_TYPES: Record<TunnelType, number> = {
	ipip: k.IP_VS_CONN_F_TUNNEL_TYPE_IPIP,
	gue: k.IP_VS_CONN_F_TUNNEL_TYPE_GUE,
	gre: k.IP_VS_CONN_F_TUNNEL_TYPE_GRE,
}

const TUNNEL_FLAGS: Record<TunnelChecksum, number> = {
	none: k.IP_VS_TUNNEL_ENCAP_FLAG_NOCSUM,
	checksum: k.IP_VS_TUNNEL_ENCAP_FLAG_CSUM,
	'remote-checksum': k.IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM,
}

const putTunnel = (target: Uint8Array, base: number, at: Offsets<TunnelSlot>, tunnel: Tunnel): void => {
	target[base + at.tunnelType] = TUNNEL_TYPES[tunnel.type]
	putPort(target, base + at.tunnelPort, tunnel.port)
	putUint16(target, base + at.tunnelFlags, TUNNEL_FLAGS[tunnel.checksum])
}
