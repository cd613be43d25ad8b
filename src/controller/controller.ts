import {sleep} from '../clock.ts'
import type {Explanation} from '../explain/explanation.ts'
import type {AddressChange} from '../kernel/addresses/notices.ts'
import {OBJECT_KINDS, type ObjectChange, type ObjectKey, type ObjectKind, type ObjectSink} from '../model/object.ts'
import type {Problem} from '../model/problem.ts'
import type {Mirror} from '../plan/mirror.ts'
import {GrowingScope} from '../state/growing-scope.ts'
import {Alarm} from './alarm.ts'
import {AuditSchedule} from './audit-schedule.ts'
import type {ControllerParts} from './controller-parts.ts'
import {Features} from './features.ts'
import {MirrorReader} from './mirror-reader.ts'
import {NodeModel} from './node-model.ts'
import {type ControllerReadings, readingsOf} from './readings.ts'
import {slicesOf} from './slices.ts'
import {Stopwatch} from './stopwatch.ts'
import {isInDoubt} from './sync.ts'
import {Syncer, type Task} from './syncer.ts'
import {tellOf, updateModel} from './update-model.ts'

/**
 * Keeps the kernel in line with the objects that it is given.
 *
 * 1. Nothing is changed before every kind of object has been listed once.
 * 2. One sync at a time. Changes that come meanwhile are one further sync, which starts `minSyncInterval` after the end
 *    of the one before, or at once when that is past.
 * 3. A change costs what it changes: only its Services are compiled, only their keys compared with the mirror.
 * 4. An audit reads the whole kernel and compares everything: at start, every `auditInterval`, and with back-off after
 *    any failure. It does so in parts, and changes do not wait for its end, but at start and in doubt.
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
	readonly #syncer: Syncer
	readonly #reader: MirrorReader
	readonly #unlisted = new Set<ObjectKind>(OBJECT_KINDS)
	#mirror: Mirror | undefined
	/** False once an answer of the kernel got lost: nothing is done by the mirror until the next audit. */
	#isMirrorTrue = false
	/** Something has changed since changes were last taken in. */
	#isChanged = true
	/** Somebody has changed addresses since they were read. */
	#areAddressesOld = false
	readonly #audits: AuditSchedule
	#lastEnd = 0
	/** When changes were last taken in. */
	#takenAt = 0

	constructor(parts: ControllerParts) {
		this.#parts = parts
		this.#model = new NodeModel(parts.config, parts.kernel.facts, parts.apiServers)
		this.#alarm = new Alarm(parts.clock)
		this.#features = new Features(parts.kernel.ipvs, parts.config)
		this.#syncer = new Syncer(parts, this.#model)
		this.#reader = new MirrorReader(parts.kernel, parts.clock, () => this.#alarm.ring())
		this.#audits = new AuditSchedule(parts.clock, parts.config.auditInterval)
	}

	change(change: ObjectChange): void {
		this.#parts.observer.changed(change)
		if (this.#model.change(change)) {
			this.#isChanged = true
			this.#request()
			this.#alarm.ring()
		}
	}

	synced(kind: ObjectKind): void {
		if (this.#unlisted.delete(kind)) {
			this.#request()
		}
		this.#alarm.ring()
	}

	/** What comes before all is listed asks for nothing yet: a list that takes long is no sync that is late. */
	#request(): void {
		const {observer, kernel} = this.#parts
		if (this.#unlisted.size === 0) {
			observer.requested(kernel.facts.families)
		}
	}

	problem(problem: Problem): void {
		this.#parts.observer.garbled(problem)
	}

	solved(problem: Problem): void {
		this.#parts.observer.mended(problem)
	}

	/** To look at. */
	get model(): Pick<NodeModel, 'pending' | 'owners' | 'wanted' | 'holderOf' | 'stateOf'> {
		return this.#model
	}

	/** For metrics, of this moment. */
	get readings(): ControllerReadings {
		const [model, mirror, {drains}, features] = [this.#model, this.#mirror, this.#syncer, this.#features]
		return readingsOf({model, mirror, drains, features, ...this.#parts})
	}

	/** What became of a Service (`namespace/name`), and why; undefined where there is none of this name. Throws before the first sync. */
	explain(service: ObjectKey): Explanation | undefined {
		const {drainOf} = this.#syncer.drains
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
			const pause = this.#reader.hasRead ? 0 : Math.max(this.#lastEnd + config.minSyncInterval - clock.now(), 0)
			await sleep(clock, pause, signal)
			if (!signal.aborted && this.#unlisted.size === 0) {
				await this.#turn()
			}
		}
		await this.#reader.settled()
	}

	#nextDue(): number {
		if (this.#unlisted.size > 0) {
			return Number.POSITIVE_INFINITY
		}
		// Nothing but an audit is done in doubt, and it looks at what drains, too.
		const audit = this.#reader.isReading ? Number.POSITIVE_INFINITY : this.#audits.due
		return this.#isMirrorTrue ? Math.min(audit, this.#syncer.due) : this.#audits.due
	}

	async #turn(): Promise<void> {
		const mirror = this.#mirror
		let isAudit = !this.#isMirrorTrue
		let hasFailed = false
		try {
			if (mirror && this.#isMirrorTrue) {
				const isDeviceChanged = await this.#isDeviceChanged(mirror)
				hasFailed = await this.#syncChanges(mirror)
				if ((isDeviceChanged || this.#parts.clock.now() >= this.#audits.due) && this.#isMirrorTrue) {
					this.#reader.begin(mirror, this.#model.wanted)
				}
			}
			isAudit ||= this.#reader.hasRead
			if (isAudit) {
				hasFailed = (await this.#audit()) || hasFailed
			}
		} catch (error) {
			this.#parts.observer.failed(mirror ? (isAudit ? 'audit' : 'change') : 'first', error)
			this.#isMirrorTrue = false
			hasFailed = true
		}
		this.#audits.ended({wasAudit: isAudit, hasFailed})
	}

	/** Reads the addresses again where they are old; whether somebody has changed those that are ours. */
	async #isDeviceChanged(mirror: Mirror): Promise<boolean> {
		if (!this.#areAddressesOld || this.#reader.isReading) {
			return false
		}
		this.#areAddressesOld = false
		this.#isChanged = true
		return mirror.readdress(await this.#parts.kernel.addresses.read())
	}

	async #syncChanges(mirror: Mirror): Promise<boolean> {
		if (!this.#isChanged && this.#syncer.due > this.#parts.clock.now()) {
			return false
		}
		const scope = new GrowingScope()
		const stopwatch = new Stopwatch(this.#parts.clock)
		await stopwatch.time('compile', () => this.#compile(mirror, scope))
		return this.#sync({kind: 'change', scopes: [scope], isWhole: false, mirror, stopwatch})
	}

	/**
	 * Compares everything with what was wanted so far. Changes that came meanwhile are syncs of their own, also while the
	 * audit is under way: it reports what others did to the kernel. Where the mirror was in doubt, though, there was no
	 * such sync, and while rules of one family cannot be restored there would never be one: the audit takes the changes in.
	 */
	async #audit(): Promise<boolean> {
		const kind = this.#mirror ? 'audit' : 'first'
		const wasInDoubt = !this.#isMirrorTrue
		this.#areAddressesOld &&= !wasInDoubt
		const mirror = await this.#reader.take(this.#mirror, this.#model.wanted, wasInDoubt)
		const {stopwatch} = this.#reader
		this.#mirror = mirror
		this.#isMirrorTrue = true
		const isOther = await this.#features.review(mirror.virtualServers, this.#model.wanted.virtualServers)
		if (isOther || wasInDoubt) {
			this.#model.lacking = this.#features.lacking
			await stopwatch.time('compile', () => this.#compile(mirror))
		} else {
			// The node's addresses may have changed.
			this.#isChanged = true
			this.#alarm.ring()
		}
		const scopes = slicesOf(this.#model, mirror, {isFirst: kind === 'first'})
		const between = kind === 'first' ? undefined : () => this.#serve(mirror)
		const isComparison = kind === 'audit' && !isOther && !wasInDoubt
		return this.#sync({kind, scopes, isWhole: true, mirror, isComparison, stopwatch, between})
	}

	/** Gives changes their turn; false where nothing is to be done by the mirror any more. */
	async #serve(mirror: Mirror): Promise<boolean> {
		const {clock, config} = this.#parts
		await sleep(clock, 0)
		if (this.#isChanged && clock.now() >= this.#lastEnd + config.minSyncInterval) {
			const hasFailed = await this.#syncChanges(mirror)
			this.#audits.ended({wasAudit: false, hasFailed})
		}
		return this.#isMirrorTrue
	}

	/** Resolves with whether anything failed. */
	async #sync(task: Omit<Task, 'takenAt'>): Promise<boolean> {
		const failures = await this.#syncer.run({...task, takenAt: this.#takenAt})
		this.#lastEnd = this.#parts.clock.now()
		this.#isMirrorTrue &&= !failures.some(isInDoubt)
		return failures.length > 0
	}

	/** The scope, where one is given, gets what changed, and where a ramp takes a step. */
	async #compile(mirror: Mirror, scope?: GrowingScope): Promise<void> {
		const {observer, clock} = this.#parts
		this.#takenAt = clock.now()
		this.#isChanged = false
		tellOf(await updateModel(this.#model, this.#features, mirror, scope), this.#model, observer)
		this.#syncer.rampUp(scope)
	}
}
