import type {IpvsOperation} from '../../plan/operation.ts'
import {
	type Counters,
	type IpvsTimeouts,
	isSameState,
	isSameVirtualServer,
	LIMITS_FLAG,
	listenFamily,
	type RealServerKey,
	type VirtualServer,
	type VirtualServerKey,
	type VirtualServerState,
} from '../../state/ipvs.ts'
import type {ActualState} from '../../state/node-state.ts'
import type {RealServerStats, VirtualServerStats} from '../../state/stats.ts'
import {type Doors, LostReplies} from '../doors.ts'
import {type MessageResult, sendInBatches} from '../netlink/batch.ts'
import {NETLINK_GENERIC} from '../netlink/constants.ts'
import {decodeOrSkip} from '../netlink/decode-error.ts'
import {isInDump, type Line, pickFromDump, request} from '../netlink/dump.ts'
import {resolveFamily} from '../netlink/generic.ts'
import {NetlinkError} from '../netlink/netlink-error.ts'
import {Sequence} from '../netlink/sequence.ts'
import type {Encoded} from '../netlink/template.ts'
import * as k from './constants.ts'
import {decodeTimeouts, decodeVirtualServer} from './decode.ts'
import {decodeRealServer} from './decode-real-server.ts'
import {decodeRealServerStats, decodeVirtualServerStats} from './decode-stats.ts'
import {IpvsEncoder} from './encode.ts'
import {encodeOperation} from './encode-operation.ts'
import {eachOnce, perhapsHidden} from './moving-dump.ts'
import {type ProcServer, parseProcIpvs} from './proc.ts'

/** Virtual servers. Up to here the file takes less time (src/kernel/README.md). */
const MOST_BY_FILE = 16_000

/** Virtual and real servers over generic netlink. */
export class IpvsClient {
	readonly #doors: Doors
	readonly #sequence = new Sequence()
	readonly #line: Line
	readonly #mostByFile: number
	#encoder: Promise<IpvsEncoder> | undefined

	/** Real servers of more virtual servers than `mostByFile` are dumped over netlink, those of fewer read from a file. */
	constructor(doors: Doors, mostByFile = MOST_BY_FILE) {
		this.#mostByFile = mostByFile
		this.#doors = doors
		this.#line = {door: doors.netlink, protocol: NETLINK_GENERIC, sequence: this.#sequence}
	}

	/**
	 * All virtual servers with their real servers, foreign ones included; a record that does not decode is left out. What
	 * is equal to what is `known` is the same object, and then only counters of real servers without weight are given:
	 * nobody needs the others, and together they take more memory than all else. One that is deleted meanwhile has no
	 * real servers.
	 */
	async read(known?: VirtualServers): Promise<Pick<ActualState, 'virtualServers' | 'counters'>> {
		const encoder = await this.#connect()
		const servers = await this.readVirtualServers(known)
		const virtualServers = new Map<VirtualServerKey, VirtualServerState>()
		const counters = new Map<VirtualServerKey, ReadonlyMap<RealServerKey, Counters>>()
		const take = (server: VirtualServer, found: RealServers) => {
			const counts = known ? withoutWeight(found) : found.counters
			if (counts.size > 0) {
				counters.set(server.key, counts)
			}
			virtualServers.set(server.key, asKnown({server, realServers: found.realServers}, known))
		}
		const rest = servers.size > this.#mostByFile ? servers : await this.#readFile(servers, take)
		for (const server of rest.values()) {
			take(server, await this.#dumpRealServers(encoder, server))
		}
		return {virtualServers, counters}
	}

	/** Resolves with those of which the file does not say all. */
	async #readFile(
		servers: ReadonlyMap<VirtualServerKey, VirtualServer>,
		take: TakeRealServers,
	): Promise<ReadonlyMap<VirtualServerKey, VirtualServer>> {
		const rest = new Map(servers)
		for await (const [key, found] of parseProcIpvs(this.#doors.files.pieces('/proc/net/ip_vs'))) {
			const server = rest.get(key)
			if (server && !hidesSettings(server, found)) {
				take(server, found)
				rest.delete(key)
			}
		}
		return rest
	}

	/** As `read`, without real servers. One that is `known` is found although others come and go meanwhile. */
	async readVirtualServers(known: VirtualServers = NONE): Promise<ReadonlyMap<VirtualServerKey, VirtualServer>> {
		const encoder = await this.#connect()
		const ask = (message: Encoded) =>
			pickFromDump(this.#line, message, ({payload}) => {
				const server = decodeOrSkip(payload, decodeVirtualServer)
				const same = server && known.get(server.key)?.server
				return same && isSameVirtualServer(same, server) ? same : server
			})
		const told = eachOnce(await this.#dumpServers(ask), ({key}) => key)
		for (const {server} of perhapsHidden(known, told)) {
			for (const found of await ask(encoder.getService(server)).catch(noneIfGone)) {
				told.set(found.key, found)
			}
		}
		return told
	}

	/** Whether any virtual server has it; looks no further than to the first one. */
	isInUse(scheduler: string): Promise<boolean> {
		return this.#dumpServers(dump =>
			isInDump(this.#line, dump, ({payload}) => decodeOrSkip(payload, decodeVirtualServer)?.scheduler === scheduler),
		)
	}

	async #dumpServers<Result>(ask: (dump: Encoded) => Promise<Result>): Promise<Result> {
		const encoder = await this.#connect()
		try {
			return await ask(encoder.dumpServices())
		} catch (error) {
			// A module that was loaded anew has another number.
			this.#encoder = undefined
			throw error
		}
	}

	/** The connections of these virtual servers' real servers; the dump of one that is gone is empty. */
	async readCounters(servers: Iterable<VirtualServer>): Promise<ActualState['counters']> {
		const encoder = await this.#connect()
		const counters = new Map<VirtualServerKey, ReadonlyMap<RealServerKey, Counters>>()
		for (const server of servers) {
			counters.set(server.key, (await this.#dumpRealServers(encoder, server)).counters)
		}
		return counters
	}

	/** Of all virtual servers, foreign ones included, or of those that are asked for. */
	async readStats(isAskedFor = (_: VirtualServerStats): boolean => true): Promise<readonly VirtualServerStats[]> {
		const told = await this.#dumpServers(dump =>
			pickFromDump(this.#line, dump, ({payload}) => {
				const found = decodeOrSkip(payload, decodeVirtualServerStats)
				return found && isAskedFor(found) ? found : undefined
			}),
		)
		return [...eachOnce(told, ({server}) => server.key).values()]
	}

	/** Of the real servers of one virtual server; none where that is gone. */
	async readRealServerStats(server: VirtualServer): Promise<readonly RealServerStats[]> {
		const encoder = await this.#connect()
		const family = listenFamily(server.listen)
		const told = await pickFromDump(this.#line, encoder.dumpDests(server), ({payload}) =>
			decodeOrSkip(payload, bytes => decodeRealServerStats(bytes, family)),
		)
		return [...eachOnce(told, ({realServer}) => realServer.key).values()]
	}

	async #dumpRealServers(encoder: IpvsEncoder, server: VirtualServer): Promise<RealServers> {
		const family = listenFamily(server.listen)
		const decoded = await pickFromDump(this.#line, encoder.dumpDests(server), ({payload}) =>
			decodeOrSkip(payload, bytes => decodeRealServer(bytes, family)),
		)
		return {
			realServers: new Map(decoded.map(({realServer}) => [realServer.key, realServer])),
			counters: new Map(decoded.map(({realServer, counters}) => [realServer.key, counters])),
		}
	}

	/** In the order given; the results are in the same order. */
	async apply(operations: readonly IpvsOperation[]): Promise<readonly MessageResult[]> {
		const encoder = await this.#connect()
		const messages = operations.map(operation => encodeOperation(encoder, operation))
		return sendInBatches(this.#doors.netlink, NETLINK_GENERIC, messages, this.#sequence)
	}

	/**
	 * Sets the counters of connections, packets and bytes of these virtual servers and their real servers back to 0, or
	 * `all` there are. The results are in the same order, ESRCH for one that is gone.
	 */
	async zero(servers: readonly VirtualServer[] | 'all'): Promise<readonly MessageResult[]> {
		const encoder = await this.#connect()
		const messages = servers === 'all' ? [encoder.zero()] : servers.map(server => encoder.zero(server))
		return sendInBatches(this.#doors.netlink, NETLINK_GENERIC, messages, this.#sequence)
	}

	/** How long connections are kept in this network namespace. Rejects with a NetlinkError. */
	async readTimeouts(): Promise<IpvsTimeouts> {
		const encoder = await this.#connect()
		const [reply] = await request(this.#doors.netlink, NETLINK_GENERIC, encoder.getTimeouts(), this.#sequence)
		return decodeTimeouts(reply?.payload ?? new Uint8Array())
	}

	/** 0 leaves one as it is. Rejects with a NetlinkError, or with LostReplies when it cannot be known. */
	async setTimeouts(timeouts: IpvsTimeouts): Promise<void> {
		const encoder = await this.#connect()
		const messages = [encoder.setTimeouts(timeouts)]
		const [result] = await sendInBatches(this.#doors.netlink, NETLINK_GENERIC, messages, this.#sequence)
		if (result === 'lost') {
			throw new LostReplies('the answer of the kernel got lost')
		}
		if (result) {
			throw new NetlinkError(result)
		}
	}

	#connect(): Promise<IpvsEncoder> {
		this.#encoder ??= resolveFamily(this.#doors.netlink, k.IPVS_GENL_NAME, this.#sequence).then(
			id => new IpvsEncoder(id),
			error => {
				this.#encoder = undefined
				throw error
			},
		)
		return this.#encoder
	}
}

const noneIfGone = (error: unknown): readonly never[] => {
	if (error instanceof NetlinkError && error.code === 'ESRCH') {
		return []
	}
	throw error
}

const NONE: VirtualServers = new Map()

type VirtualServers = ActualState['virtualServers']

type RealServers = Pick<ProcServer, 'realServers' | 'counters'>

type TakeRealServers = (server: VirtualServer, found: RealServers) => void

const asKnown = (state: VirtualServerState, known: VirtualServers | undefined): VirtualServerState => {
	const same = known?.get(state.server.key)
	return same && isSameState(same, state) ? same : state
}

const withoutWeight = ({realServers, counters}: RealServers): ReadonlyMap<RealServerKey, Counters> =>
	new Map([...counters].filter(([key]) => realServers.get(key)?.weight === 0))

/** /proc/net/ip_vs shows neither limits nor what kind of tunnel it is. */
const hidesSettings = ({flags}: VirtualServer, {realServers}: RealServers): boolean =>
	flags.includes(LIMITS_FLAG) || realServers.values().some(({forwarding}) => forwarding === 'tunnel')
