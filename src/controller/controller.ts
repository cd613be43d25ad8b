import {type Clock, sleep} from '../clock.ts'
import type {Config} from '../config/fields.ts'
import type {Explanation} from '../explain/explanation.ts'
import type {DrainOf} from '../explain/sources.ts'
import type {AddressChange} from '../kernel/addresses/notices.ts'
import type {Outcome} from '../kernel/apply.ts'
import type {Kernel} from '../kernel/kernel.ts'
import {OBJECT_KINDS, type ObjectChange, type ObjectKey, type ObjectKind, type ObjectSink} from '../model/object.ts'
import type {Problem} from '../model/problem.ts'
import type {SocketAddress} from '../net/socket-address.ts'
import type {Observer, SyncKind} from '../observe/observer.ts'
import {isServedByOthers} from '../plan/leftovers.ts'
import type {Mirror} from '../plan/mirror.ts'
import {wholeScope} from '../plan/scope.ts'
import type {Scope} from '../state/node-state.ts'
import {Alarm} from './alarm.ts'
import {AuditSchedule} from './audit-schedule.ts'
import {Drains} from './drains.ts'
import {Features} from './features.ts'
import {FlowDebts, NO_FLOWS} from './flow-debts.ts'
import {NodeModel} from './node-model.ts'
import {Ramps} from './ramps.ts'
import {isInDoubt, readMirror, sync} from './sync.ts'
import {updateModel} from './update-model.ts'

export interface ControllerParts {
	readonly kernel: Kernel
	readonly config: Config
	readonly clock: Clock
	readonly observer: Observer
	/** Addresses of API servers that are known from elsewhere than the cluster's objects. */
	readonly apiServers?: readonly SocketAddress[]
}

/**
 * Keeps the kernel in line with the objects that it is given.
 *
 * 1. Nothing is changed before every kind of object has been listed once.
 * 2. One sync at a time. Changes that come meanwhile are one further sync, which starts `minSyncInterval` after the end
 *    of the one before, or at once when that is past.
 * 3. A change costs what it changes: only its Services are compiled, only their keys compared with the mirror.
 * 4. An audit reads the whole kernel and compares everything: at start, every `auditInterval`, and with back-off after
 *    any failure.
 * 5. Where an answer of the kernel got lost, the next sync is an audit: a virtual server that is there unknown to us
 *    must not lose the set members that tell that it is ours. So it is where rules could not be restored: some tables
 *    may have been, and a jump must not be inserted twice.
 * 6. What a notice says of addresses is not believed, it makes us look: at those of the node, which node ports follow,
 *    and at our device, which is worth an audit.
 * 7. Draining real servers are looked at at once and then every `drainInterval`; weights rise when a step is due.
 * 8. At start the API servers' Service and DNS come before all others, unless kube-proxy's rules still serve them.
 */
export class Controller implements ObjectSink {
	readonly #parts: ControllerParts
	readonly #model: NodeModel
	readonly #alarm: Alarm
	readonly #features: Features
	readonly #unlisted = new Set<ObjectKind>(OBJECT_KINDS)
	#mirror: Mirror | undefined
	/** False once an answer of the kernel got lost: nothing is done by the mirror until the next audit. */
	#isMirrorTrue = false
	readonly #drains: Drains
	readonly #ramps = new Ramps()
	/** Somebody has changed addresses since they were read. */
	#areAddressesOld = false
	readonly #flowDebts = new FlowDebts()
	readonly #audits: AuditSchedule
	#lastEnd = 0
	/** When changes were last taken in. */
	#takenAt = 0

	constructor(parts: ControllerParts) {
		this.#parts = parts
		this.#model = new NodeModel(parts.config, parts.kernel.facts, parts.apiServers)
		this.#alarm = new Alarm(parts.clock)
		this.#features = new Features(parts.kernel.ipvs, parts.config)
		this.#drains = new Drains(parts)
		this.#audits = new AuditSchedule(parts.clock, parts.config.auditInterval)
	}

	change(change: ObjectChange): void {
		const {observer, kernel} = this.#parts
		observer.changed(change)
		if (this.#model.change(change)) {
			observer.requested(kernel.facts.families)
			this.#alarm.ring()
		}
	}

	synced(kind: ObjectKind): void {
		this.#unlisted.delete(kind)
		this.#alarm.ring()
	}

	problem(problem: Problem): void {
		this.#parts.observer.garbled(problem)
	}

	solved(problem: Problem): void {
		this.#parts.observer.mended(problem)
	}

	/** To look at. */
	get model(): Pick<NodeModel, 'pending' | 'owners'> {
		return this.#model
	}

	/** What became of a Service (`namespace/name`), and why; undefined where there is none of this name. Throws before the first sync. */
	explain(service: ObjectKey): Explanation | undefined {
		const {clock: drains} = this.#drains
		const drainOf: DrainOf = (server, realServer) => drains.drainOf(server, realServer)
		return this.#model.explain(service, {actual: this.#mirror, drainOf, now: this.#parts.clock.now()})
	}

	/** Unless it is an echo of what we did ourselves, addresses are looked at once more. */
	addressChanged(change: AddressChange): void {
		if (change === 'host' || change === 'device' || this.#mirror?.bindings.has(change)) {
			this.#areAddressesOld = true
			this.#alarm.ring()
		}
	}

	/** Runs until the signal is aborted; the sync under way is finished, and the kernel left as it is. */
	async run(signal: AbortSignal): Promise<void> {
		const {clock, config} = this.#parts
		while (!signal.aborted) {
			await this.#alarm.sleep(this.#nextDue(), signal)
			await sleep(clock, Math.max(this.#lastEnd + config.minSyncInterval - clock.now(), 0), signal)
			if (!signal.aborted && this.#unlisted.size === 0) {
				await this.#turn()
				this.#lastEnd = clock.now()
			}
		}
	}

	#nextDue(): number {
		if (this.#unlisted.size > 0) {
			return Number.POSITIVE_INFINITY
		}
		// Nothing but an audit is done in doubt, and it looks at what drains, too.
		return this.#isMirrorTrue ? Math.min(this.#audits.due, this.#drains.due, this.#ramps.due) : this.#audits.due
	}

	async #turn(): Promise<void> {
		const mirror = this.#mirror
		let isAudit = !this.#isMirrorTrue || this.#parts.clock.now() >= this.#audits.due
		let hasFailed = false
		try {
			if (mirror && this.#isMirrorTrue) {
				isAudit ||= await this.#isDeviceChanged(mirror)
				hasFailed = await this.#sync('change', [await this.#compile(mirror)], mirror)
			}
			if (isAudit) {
				hasFailed = (await this.#audit()) || hasFailed
			}
		} catch (error) {
			this.#parts.observer.failed(kindOf(mirror, isAudit), error)
			this.#isMirrorTrue = false
			hasFailed = true
		}
		this.#audits.ended({wasAudit: isAudit, hasFailed})
	}

	/** Reads the addresses again where they are old; whether somebody has changed those that are ours. */
	async #isDeviceChanged(mirror: Mirror): Promise<boolean> {
		if (!this.#areAddressesOld) {
			return false
		}
		this.#areAddressesOld = false
		return mirror.readdress(await this.#parts.kernel.addresses.read())
	}

	/**
	 * Reads everything and compares it with what was wanted so far. Changes that came meanwhile are a sync of their own:
	 * an audit reports what others did to the kernel. Where the mirror was in doubt, though, there was no such sync, and
	 * while rules of one family cannot be restored there would never be one: the audit takes the changes in.
	 */
	async #audit(): Promise<boolean> {
		const {kernel} = this.#parts
		const kind = kindOf(this.#mirror, true)
		const wasInDoubt = !this.#isMirrorTrue
		this.#areAddressesOld = false
		const mirror = await readMirror(kernel, this.#model.wanted)
		this.#mirror = mirror
		this.#isMirrorTrue = true
		const isOther = await this.#features.review(mirror.virtualServers, this.#model.wanted.virtualServers)
		if (isOther || wasInDoubt) {
			this.#model.lacking = this.#features.lacking
			await this.#compile(mirror)
		} else {
			// The node's addresses may have changed.
			this.#alarm.ring()
		}
		const first = kind === 'first' && !isServedByOthers(mirror) ? [this.#model.firstScope()] : []
		return this.#sync(kind, [...first, wholeScope(this.#model.wanted, mirror)], mirror)
	}

	/** One scope after the other; resolves with whether anything failed. */
	async #sync(kind: SyncKind, scopes: readonly Scope[], mirror: Mirror): Promise<boolean> {
		const {kernel, config, clock, observer} = this.#parts
		const {wanted, serviceCount: services} = this.#model
		const start = clock.now()
		const {due, owe, end} = this.#flowDebts.begin(kind, wanted, mirror)
		// No argument list has room for as many as there may be.
		let all: readonly Outcome[] = []
		try {
			for (const [at, scope] of scopes.entries()) {
				this.#ramps.look(scope.virtualServers, {wanted, actual: mirror}, clock.now())
				const ramping = this.#ramps.weights
				const input = {scope, wanted, mirror, ramping, draining: this.#drains.keys, ...(at === 0 ? due : NO_FLOWS)}
				all = all.concat(await sync(kernel, input, config))
				all = all.concat(await this.#drains.look(scope.virtualServers, input))
				if (all.some(isInDoubt)) {
					break
				}
			}
			end(all)
		} finally {
			// Also when the look at what drains has failed.
			owe(all)
		}
		observer.synced({kind, outcomes: all, milliseconds: clock.now() - start, services, takenAt: this.#takenAt})
		this.#isMirrorTrue &&= !all.some(isInDoubt)
		return all.some(({error}) => error !== undefined)
	}

	/** The result names what changed, and where a ramp takes a step. */
	async #compile(mirror: Mirror): Promise<Scope> {
		const {observer, clock} = this.#parts
		this.#takenAt = clock.now()
		const {scope, compiled, touched, context} = await updateModel(this.#model, this.#features, mirror)
		if (context) {
			observer.located(context)
		}
		for (const service of compiled) {
			observer.compiled(service, this.#model.stateOf(service))
		}
		for (const service of touched) {
			observer.problems(service, this.#model.problemsOf(service))
		}
		return {...scope, virtualServers: scope.virtualServers.union(this.#ramps.advance(clock.now()))}
	}
}

const kindOf = (mirror: Mirror | undefined, isAudit: boolean): SyncKind =>
	mirror ? (isAudit ? 'audit' : 'change') : 'first'
