import type {ObjectChange} from '../../model/object.ts'
import {parseAddress} from '../../net/address.ts'
import {parseProtocol} from '../../net/protocol.ts'
import type {Operation} from '../../plan/operation.ts'
import {addressPortEntry, elementOf} from '../../state/ipset.ts'
import {type VirtualServerKey, type VirtualServerState, virtualServerKey} from '../../state/ipvs.ts'
import type {ServiceState} from '../../state/service-state.ts'
import type {SyncKind} from '../observer.ts'

/** What is known of Services, now. */
export interface Askers {
	/** `namespace/name` of the Service that holds a virtual server. */
	readonly holderOf: (server: VirtualServerKey) => string | undefined
	readonly wanted: {readonly virtualServers: ReadonlyMap<VirtualServerKey, Pick<VirtualServerState, 'server'>>}
	/** What a Service asked for when it was last compiled. */
	readonly stateOf: (service: string) => ServiceState | undefined
}

/** What else tells. */
export interface SyncClues {
	readonly kind: SyncKind
	/** The one Service that was compiled for it, if it was one. */
	readonly only: string | undefined
}

/** Virtual servers drain before they go: so many may be on their way. */
const MOST_FORMER = 10_000

/**
 * Which Service asked for an operation.
 *
 * 1. A virtual server is its holder's, or that of whoever had it before its Service changed.
 * 2. VIPs, members of sets and flows have no holder: they are those of the Service to whose virtual or real servers the
 *    same sync does something under the same address and port; else that of the virtual server with that address and port.
 * 3. Where neither tells, they are those of the only Service that was compiled for the sync.
 * 4. At an audit, which looks at everything anyway, a VIP is that of the one Service that has virtual servers there.
 */
export class WhoAsked {
	readonly #askers: () => Askers
	/** Who had a virtual server before, the longest ago first. */
	readonly #former = new Map<VirtualServerKey, string>()

	constructor(askers: () => Askers) {
		this.#askers = askers
	}

	/** To be told before the model is: afterwards it does not know any more what a Service had. */
	changed({kind, key}: Pick<ObjectChange, 'kind' | 'key'>): void {
		for (const {state} of kind === 'Service' ? (this.#askers().stateOf(key)?.listeners ?? []) : []) {
			this.#former.delete(state.server.key)
			this.#former.set(state.server.key, key)
		}
		for (const server of this.#former.keys()) {
			if (this.#former.size <= MOST_FORMER) {
				return
			}
			this.#former.delete(server)
		}
	}

	/** For each operation of a sync. */
	of(operations: readonly Operation[], {kind, only}: SyncClues): readonly (string | undefined)[] {
		const clues = new Clues()
		for (const operation of operations) {
			if ('server' in operation) {
				clues.take(operation, this.#holderOf(operation.server.key))
			}
		}
		const askers = operations.map(operation => {
			if ('server' in operation) {
				return this.#holderOf(operation.server.key) ?? only
			}
			const clue = clueOf(operation)
			return clue === undefined ? undefined : (clues.get(clue) ?? this.#holderOf(serverAt(clue)) ?? only)
		})
		const untold = kind === 'change' ? [] : operations.filter((_, at) => askers[at] === undefined)
		const addresses = new Set(untold.flatMap(operation => parseAddress(clueOf(operation) ?? '') ?? []))
		if (addresses.size === 0) {
			return askers
		}
		const holders = this.#holdersAt(addresses)
		return askers.map((asker, at) => asker ?? holders.get(clueOf(operations[at]) ?? ''))
	}

	/** Of addresses that are one Service's. */
	#holdersAt(addresses: ReadonlySet<string>): Clues {
		const clues = new Clues()
		for (const [key, {server}] of this.#askers().wanted.virtualServers) {
			if (server.listen.kind === 'address' && addresses.has(server.listen.address)) {
				clues.add(server.listen.address, this.#holderOf(key))
			}
		}
		return clues
	}

	#holderOf(server: VirtualServerKey | undefined): string | undefined {
		return server === undefined ? undefined : (this.#askers().holderOf(server) ?? this.#former.get(server))
	}
}

type ServerOperation = Extract<Operation, {readonly server: unknown}>

/** Whose an address, an address with its port (as members of sets have it) or a port is, as far as it is one Service's. */
class Clues {
	readonly #services = new Map<string, string | undefined>()

	take(operation: ServerOperation, service: string | undefined): void {
		const {listen} = operation.server
		if (listen.kind === 'address') {
			this.add(listen.address, service)
			this.add(String(listen.port), service)
			this.add(addressPortEntry(listen.address, listen.protocol, listen.port), service)
			if ('realServer' in operation) {
				const {address, port} = operation.realServer
				this.add(addressPortEntry(address, listen.protocol, port), service)
			}
		}
	}

	get(clue: string): string | undefined {
		return this.#services.get(clue)
	}

	add(clue: string, service: string | undefined): void {
		const isOther = this.#services.has(clue) && this.#services.get(clue) !== service
		this.#services.set(clue, isOther ? undefined : service)
	}
}

/** Undefined for what no Service asks for. */
const clueOf = (operation: Operation | undefined): string | undefined => {
	switch (operation?.kind) {
		case 'bind-vip':
		case 'unbind-vip':
			return operation.address
		case 'add-set-entry':
		case 'delete-set-entry':
			return elementOf(operation.entry).split(',', 2).join(',')
		case 'delete-flows':
			return addressPortEntry(operation.flow.vip, operation.flow.protocol, operation.flow.vipPort)
		default:
			return undefined
	}
}

/** Of `10.96.0.10,tcp:80`; undefined for other clues. */
const serverAt = (clue: string): VirtualServerKey | undefined => {
	const [, addressText = '', protocolText = '', port] = /^([^,]+),(\w+):(\d+)$/.exec(clue) ?? []
	const address = parseAddress(addressText)
	const protocol = parseProtocol(protocolText)
	return address && protocol && virtualServerKey({kind: 'address', protocol, address, port: Number(port)})
}
