import type {Address, Family} from '../net/address.ts'
import type {PresentSet, SetEntry, SetName} from '../state/ipset.ts'
import type {Rule, Ruleset, SavedTables, TableName} from '../state/iptables.ts'
import {
	type Counters,
	isSameState,
	type RealServer,
	type RealServerKey,
	type VirtualServerKey,
	type VirtualServerState,
} from '../state/ipvs.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'
import {type SteeringKey, type SteeringPart, steeringKey} from '../state/steering.ts'
import type {IpvsOperation, Operation} from './operation.ts'
import {findable} from './set-entries.ts'
import {VipBindings} from './vip-bindings.ts'

interface MirroredSet {
	readonly definition: PresentSet
	readonly entries: Set<SetEntry>
}

/**
 * What the kernel holds as far as it has acknowledged it: read once, then kept up by each operation that succeeded.
 * Virtual servers that are as wanted are the same objects as those that are wanted, so that they take memory once.
 */
export class Mirror implements ActualState {
	readonly virtualServers: Map<VirtualServerKey, VirtualServerState>
	/** Real servers that are ours alone, and may be changed in place. */
	readonly #own = new WeakSet<ReadonlyMap<RealServerKey, RealServer>>()
	/** What was recorded since somebody began to read the kernel. */
	#journal: Operation[] | undefined
	bindings: VipBindings
	steering: Map<SteeringKey, SteeringPart>
	readonly sets: Map<SetName, MirroredSet>
	readonly tables: Map<Family, SavedTables>
	readonly sysctls: Map<string, string>
	hostAddresses: ReadonlySet<Address>
	gateways: ReadonlySet<Address>
	counters: ReadonlyMap<VirtualServerKey, ReadonlyMap<RealServerKey, Counters>>
	hasDevice: boolean

	constructor(actual: ActualState) {
		this.virtualServers = new Map(actual.virtualServers)
		this.bindings = new VipBindings(actual.bindings)
		this.steering = new Map(actual.steering)
		this.sets = mapValues(actual.sets, ({definition, entries}) => ({
			definition,
			entries: findable(definition, entries),
		}))
		this.tables = new Map(actual.tables)
		this.sysctls = new Map(actual.sysctls)
		this.hostAddresses = actual.hostAddresses
		this.gateways = actual.gateways
		this.counters = actual.counters
		this.hasDevice = actual.hasDevice
	}

	/** Takes in what was read of the addresses since; gives whether the device is another than we left it. */
	readdress(actual: Pick<ActualState, 'hasDevice' | 'bindings' | 'steering' | 'hostAddresses' | 'gateways'>): boolean {
		const isSame =
			this.hasDevice === actual.hasDevice &&
			this.bindings.size === actual.bindings.size &&
			[...this.bindings].every(([address, binding]) => actual.bindings.get(address) === binding)
		this.hasDevice = actual.hasDevice
		this.bindings = new VipBindings(actual.bindings)
		this.steering = new Map(actual.steering)
		this.hostAddresses = actual.hostAddresses
		this.gateways = actual.gateways
		return !isSame
	}

	/** From now on what is recorded is noted, too, until it is asked for. */
	beginJournal(): void {
		this.#journal = []
	}

	/**
	 * What was recorded since. The kernel was read meanwhile, before or after each of these; recorded once more, in their
	 * order, they make of what was read what is there now.
	 */
	endJournal(): readonly Operation[] {
		const journal = this.#journal ?? []
		this.#journal = undefined
		return journal
	}

	/** Shares the virtual servers of these keys that are as wanted with those that are wanted. */
	share(keys: Iterable<VirtualServerKey>, wanted: Pick<WantedState, 'virtualServers'>): void {
		for (const key of keys) {
			const want = wanted.virtualServers.get(key)
			const have = this.virtualServers.get(key)
			if (want && have && want !== have && isSameState(want, have)) {
				this.virtualServers.set(key, want)
			}
		}
	}

	/** Takes in one operation that the kernel has acknowledged. */
	record(operation: Operation): void {
		this.#journal?.push(operation)
		switch (operation.kind) {
			case 'set-sysctl':
				this.sysctls.set(operation.sysctl.path, operation.sysctl.value)
				return
			case 'create-device':
				this.hasDevice = true
				return
			case 'delete-device':
				this.hasDevice = false
				this.bindings.clear()
				return
			case 'bind-vip':
				this.bindings.set(operation.address, operation.binding)
				return
			case 'unbind-vip':
				this.bindings.delete(operation.address)
				return
			case 'create-steering':
				this.steering.set(steeringKey(operation.part), operation.part)
				return
			case 'delete-steering':
				this.steering.delete(steeringKey(operation.part))
				return
			case 'release-sets':
			case 'restore-rules':
			case 'take-over-rules':
				this.#recordRules(operation.ruleset)
				return
			case 'remove-leftovers':
				this.#forgetRules(operation.ruleset)
				return
			case 'remove-rules':
				this.tables.delete(operation.ruleset.family)
				return
			case 'delete-flows':
				return
			default:
				'server' in operation ? this.#recordServer(operation) : this.#recordSet(operation)
		}
	}

	#recordSet(operation: SetOperation): void {
		switch (operation.kind) {
			case 'create-set':
				this.sets.set(operation.definition.name, {
					definition: operation.definition,
					entries: findable(operation.definition, []),
				})
				return
			case 'replace-set':
				this.sets.set(operation.definition.name, {
					definition: operation.definition,
					entries: findable(operation.definition, operation.entries),
				})
				return
			case 'destroy-set':
				this.sets.delete(operation.name)
				return
			case 'add-set-entry':
				this.#recordEntry(operation)
				return
			case 'delete-set-entry':
				this.sets.get(operation.definition.name)?.entries.delete(operation.entry)
				return
			default:
				operation satisfies never
		}
	}

	#recordEntry({definition, entry, replaces}: Extract<Operation, {readonly kind: 'add-set-entry'}>): void {
		const entries = this.sets.get(definition.name)?.entries
		if (replaces !== undefined) {
			entries?.delete(replaces)
		}
		entries?.add(entry)
	}

	#recordServer(operation: IpvsOperation): void {
		const {server} = operation
		const present = this.virtualServers.get(server.key)
		switch (operation.kind) {
			case 'add-virtual-server':
			case 'update-virtual-server':
				this.virtualServers.set(server.key, {server, realServers: present?.realServers ?? new Map()})
				return
			case 'delete-virtual-server':
				this.virtualServers.delete(server.key)
				return
			case 'add-real-server':
			case 'update-real-server':
			case 'drain-real-server':
				present && this.#ownRealServers(present).set(operation.realServer.key, operation.realServer)
				return
			case 'delete-real-server':
				present && this.#ownRealServers(present).delete(operation.realServer.key)
				return
			default:
				operation satisfies never
		}
	}

	/** Copied before the first change. */
	#ownRealServers({server, realServers}: VirtualServerState): Map<RealServerKey, RealServer> {
		if (this.#own.has(realServers)) {
			return realServers as Map<RealServerKey, RealServer>
		}
		const own = new Map(realServers)
		this.#own.add(own)
		this.virtualServers.set(server.key, {server, realServers: own})
		return own
	}

	#recordRules({family, chains, jumps}: Ruleset): void {
		const tables = this.#copyTables(family)
		const chainsOf = (table: TableName) => {
			const found = tables.get(table) ?? new Map<string, readonly Rule[]>()
			tables.set(table, found)
			return found
		}
		for (const {table, name, rules} of chains) {
			chainsOf(table).set(name, rules)
		}
		for (const {table, parent, rule} of jumps) {
			const rules = chainsOf(table).get(parent) ?? []
			chainsOf(table).set(parent, rules.includes(rule) ? rules : [rule, ...rules])
		}
		this.tables.set(family, tables)
	}

	#forgetRules({family, chains, jumps}: Ruleset): void {
		const tables = this.#copyTables(family)
		for (const {table, name} of chains) {
			tables.get(table)?.delete(name)
		}
		for (const {table, parent, rule} of jumps) {
			const rules = tables.get(table)?.get(parent) ?? []
			tables.get(table)?.set(
				parent,
				rules.filter((_, at) => at !== rules.indexOf(rule)),
			)
		}
		this.tables.set(family, tables)
	}

	#copyTables(family: Family): Map<TableName, Map<string, readonly Rule[]>> {
		return mapValues(this.tables.get(family) ?? new Map(), chains => new Map(chains))
	}
}

type SetOperation = Extract<
	Operation,
	{readonly kind: 'create-set' | 'replace-set' | 'destroy-set' | 'add-set-entry' | 'delete-set-entry'}
>

const mapValues = <Key, From, To>(map: ReadonlyMap<Key, From>, convert: (value: From) => To): Map<Key, To> =>
	new Map([...map].map(([key, value]) => [key, convert(value)]))
