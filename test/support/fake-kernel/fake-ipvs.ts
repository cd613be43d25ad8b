import type {Counters, RealServer, VirtualServer} from '../../../src/state/ipvs.ts'
import type {Stats} from '../../../src/state/stats.ts'
import type {Answer} from './fake-netlink.ts'
import {writeConfig, writeDest, writeService} from './ipvs-replies.ts'
import {hasService, readConfig, readIdentity, readRealServer, readSettings} from './ipvs-requests.ts'
import {type Command, ERRNO, IPVS_FAMILY} from './uapi.ts'

export interface FakeVirtualServer {
	readonly server: VirtualServer
	readonly realServers: Map<string, FakeRealServer>
	readonly stats?: Stats
}

export interface FakeRealServer {
	readonly realServer: RealServer
	readonly counters: Counters
	readonly stats?: Stats
}

const IDLE: Counters = {activeConnections: 0, inactiveConnections: 0}

/** The tables of IPVS (net/netfilter/ipvs/ip_vs_ctl.c), by the keys of src/state/ipvs.ts. */
export class FakeIpvs {
	readonly servers = new Map<string, FakeVirtualServer>()
	/** Off: as if the module were not loaded. */
	isLoaded = true
	readonly schedulers = new Set('rr wrr lc wlc lblc lblcr dh sh mh sed nq fo ovf none'.split(' '))
	/** Persistence engines. */
	readonly engines = new Set(['sip'])
	/** Seconds for TCP, TCP after FIN, UDP. */
	timeouts: readonly [number, number, number] = [900, 120, 300]
	/** Virtual servers whose statistics were set back, in this order. */
	readonly zeroed: string[] = []

	/** Puts a virtual server there without a request, as another program would. */
	load(server: VirtualServer, realServers: readonly RealServer[] = []): void {
		const entries = realServers.map(realServer => [realServer.key, {realServer, counters: IDLE}] as const)
		this.servers.set(server.key, {server, realServers: new Map(entries)})
	}

	/** Connections of a real server, as `ipvsadm -Ln` shows them. */
	setConnections(server: string, realServer: string, activeConnections: number, inactiveConnections = 0): void {
		const realServers = this.servers.get(server)?.realServers
		const present = realServers?.get(realServer)
		if (!realServers || !present) {
			throw new Error(`no real server ${realServer} of ${server} in the fake kernel`)
		}
		realServers.set(realServer, {...present, counters: {activeConnections, inactiveConnections}})
	}

	/** Of a virtual server, or of one of its real servers. */
	setStats(stats: Stats, server: string, realServer?: string): void {
		const present = this.servers.get(server)
		const real = present?.realServers.get(realServer ?? '')
		if (!present || (realServer !== undefined && !real)) {
			throw new Error(`no ${realServer ?? 'virtual server'} ${server} in the fake kernel`)
		}
		if (realServer === undefined) {
			this.servers.set(server, {...present, stats})
		} else if (real) {
			present.realServers.set(realServer, {...real, stats})
		}
	}

	readonly handle = (command: Command, payload: Uint8Array): Answer =>
		hasService(payload) ? this.#handleOne(command, payload) : this.#handleAll(command, payload)

	/** What is about no virtual server. */
	#handleAll(command: Command, payload: Uint8Array): Answer {
		switch (command) {
			case 'get-service':
				return {
					type: IPVS_FAMILY,
					payloads: [...this.servers.values()].map(({server, stats}) => writeService(server, stats)),
				}
			case 'get-config':
				return {type: IPVS_FAMILY, payloads: [writeConfig(this.timeouts)]}
			case 'set-config':
				return this.#configure(payload)
			case 'zero':
				this.zeroed.push(...this.servers.keys())
				return 0
			default:
				return ERRNO.EINVAL
		}
	}

	#handleOne(command: Command, payload: Uint8Array): Answer {
		const listen = readIdentity(payload)
		if (typeof listen === 'number') {
			return listen
		}
		const present = this.servers.get(listen.key)
		if (command === 'get-dest') {
			// The dump of a service that is not there is empty.
			return {type: IPVS_FAMILY, payloads: [...(present?.realServers.values() ?? [])].map(real => writeDest(real))}
		}
		if (command === 'new-service') {
			return present ? ERRNO.EEXIST : this.#putService(payload)
		}
		return present ? this.#changeOne(command, present, payload) : ERRNO.ESRCH
	}

	#changeOne(command: Command, present: FakeVirtualServer, payload: Uint8Array): Answer {
		const {server, stats} = present
		switch (command) {
			case 'get-service':
				return {type: IPVS_FAMILY, payloads: [writeService(server, stats)]}
			case 'set-service':
				return this.#putService(payload)
			case 'del-service':
				this.servers.delete(server.key)
				return 0
			case 'zero':
				this.zeroed.push(server.key)
				return 0
			default:
				return this.#changeDest(command, present, payload)
		}
	}

	/** 0 leaves a timeout as it is; without all three nothing is taken (ip_vs_genl_set_config). */
	#configure(payload: Uint8Array): number {
		const config = readConfig(payload)
		if (!config) {
			return ERRNO.EINVAL
		}
		const [tcp, tcpFin, udp] = this.timeouts
		this.timeouts = [config[0] || tcp, config[1] || tcpFin, config[2] || udp]
		return 0
	}

	#putService(payload: Uint8Array): number {
		const server = readSettings(payload)
		if (typeof server === 'number') {
			return server
		}
		const engine = server.persistence?.engine
		if (!this.schedulers.has(server.scheduler) || (engine !== undefined && !this.engines.has(engine))) {
			return ERRNO.ENOENT
		}
		const present = this.servers.get(server.key)
		this.servers.set(server.key, {...present, server, realServers: present?.realServers ?? new Map()})
		return 0
	}

	#changeDest(command: Command, {server, realServers}: FakeVirtualServer, payload: Uint8Array): number {
		const realServer = readRealServer(payload, server, command !== 'del-dest')
		if (typeof realServer === 'number') {
			return realServer
		}
		const present = realServers.get(realServer.key)
		switch (command) {
			case 'new-dest':
				if (present) {
					return ERRNO.EEXIST
				}
				realServers.set(realServer.key, {realServer, counters: IDLE})
				return 0
			case 'set-dest':
				if (present) {
					realServers.set(realServer.key, {...present, realServer})
				}
				return present ? 0 : ERRNO.ENOENT
			case 'del-dest':
				return realServers.delete(realServer.key) ? 0 : ERRNO.ENOENT
			default:
				return ERRNO.EOPNOTSUPP
		}
	}
}
