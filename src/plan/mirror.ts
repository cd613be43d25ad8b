import type {Address, Family} from '../net/address.ts'
import type {PresentSet, SetEntry, SetName} from '../state/ipset.ts'
import type {Rule, Ruleset, SavedTables, TableName} from '../state/iptables.ts'
import type {Counters, RealServerKey, VirtualServerKey} from '../state/ipvs.ts'
import type {ActualState} from '../state/node-state.ts'
import {type SteeringKey, type SteeringPart, steeringKey} from '../state/steering.ts'
import {MirroredServers} from './mirrored-servers.ts'
import type {Operation} from './operation.ts'
import {refreshMap, refreshSet} from './refresh.ts'
import {findable} from './set-entries.ts'
import {VipBindings} from './vip-bindings.ts'

interface MirroredSet {
	readonly definition: PresentSet
	readonly entries: Set<SetEntry>
}

/** What the kernel holds as far as it has acknowledged it: read once, then kept up by each operation that succeeded. */
export class Mirror implements ActualState {
	readonly virtualServers: MirroredServers
	/** What was recorded since somebody began to read the kernel. */
	#journal: Operation[] | undefined
	readonly bindings: VipBindings
	readonly steering: Map<SteeringKey, SteeringPart>
	readonly sets: Map<SetName, MirroredSet>
	readonly tables: Map<Family, SavedTables>
	readonly sysctls: Map<string, string>
	hostAddresses: ReadonlySet<Address>
	gateways: ReadonlySet<Address>
	counters: ReadonlyMap<VirtualServerKey, ReadonlyMap<RealServerKey, Counters>>
	hasDevice: boolean

	constructor(actual: ActualState) {
		this.virtualServers = new MirroredServers(actual.virtualServers)
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
		this.refresh(actual)
		return !isSame
	}

	/** From now on what is recorded is noted, too: the kernel is being read. */
	beginJournal(): void {
		this.#journal = []
	}

	endJournal(): void {
		this.#journal = undefined
	}

	/**
	 * Takes in a part of the kernel that was read since the journal was begun, before or after each operation in it; recorded
	 * once more, in their order, they make of what was read what is there now. Tables stay the same objects.
	 */
	refresh(found: Partial<ActualState>): void {
		found.virtualServers && refreshMap(this.virtualServers, found.virtualServers)
		found.bindings && refreshMap(this.bindings, found.bindings)
		found.steering && refreshMap(this.steering, found.steering)
		found.tables && refreshMap(this.tables, found.tables)
		found.sysctls && refreshMap(this.sysctls, found.sysctls)
		found.sets && this.#refreshSets(found.sets)
		this.hostAddresses = found.hostAddresses ?? this.hostAddresses
		this.gateways = found.gateways ?? this.gateways
		this.counters = found.counters ?? this.counters
		this.hasDevice = found.hasDevice ?? this.hasDevice
		const journal = this.#journal ?? []
		this.#journal = undefined
		for (const operation of journal) {
			this.record(operation)
		}
	}

	#refreshSets(found: ActualState['sets']): void {
		const sets = mapValues(found, ({definition, entries}, name) => {
			const present = this.sets.get(name)
			if (!present || !isSameSet(present.definition, definition)) {
				return {definition, entries: findable(definition, entries)}
			}
			refreshSet(present.entries, entries)
			return present
		})
		refreshMap(this.sets, sets)
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
				'server' in operation ? this.virtualServers.record(operation) : this.#recordSet(operation)
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

const isSameSet = (a: PresentSet, b: PresentSet): boolean =>
	a.type === b.type && a.family === b.family && a.maxElements === b.maxElements && a.hasMarks === b.hasMarks

const mapValues = <Key, From, To>(map: ReadonlyMap<Key, From>, convert: (value: From, key: Key) => To): Map<Key, To> =>
	new Map([...map].map(([key, value]) => [key, convert(value, key)]))
