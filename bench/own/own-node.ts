import {systemClock} from '../../src/clock.ts'
import {type Config, DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {Controller} from '../../src/controller/controller.ts'
import {openKernel} from '../../src/kernel/kernel.ts'
import {prepareKernel} from '../../src/kernel/prepare.ts'
import {openSystemDoors} from '../../src/kernel/system-doors.ts'
import {OBJECT_KINDS} from '../../src/model/object.ts'
import {parsePrefix} from '../../src/net/prefix.ts'
import type {Observer, SyncReport} from '../../src/observe/observer.ts'
import {CLUSTER_NETWORK, NODE_NAME, type Objects, project} from '../objects.ts'
import {LeapClock} from './leap-clock.ts'
import {type MeasuredDoors, measuredDoors} from './measured-doors.ts'

/** One sync, as the benchmark needs it. */
export interface Sync {
	readonly kind: SyncReport['kind']
	/** How many operations of each kind. */
	readonly operations: Readonly<Record<string, number>>
	/** Services that were compiled since the sync before. */
	readonly services: readonly string[]
	/** By performance.now(): when the first of them was compiled, and when the sync was done. */
	readonly takenAt: number
	readonly endedAt: number
}

/** The product's own controller with the kernel of this network namespace, in this process. */
export interface OwnNode {
	readonly controller: Controller
	readonly clock: LeapClock
	readonly config: Config
	readonly traffic: MeasuredDoors['take']
	/** Resolves when the next sync that fits is done. */
	readonly next: (fits?: (sync: Sync) => boolean) => Promise<Sync>
	/** Tells of each sync from here on. */
	readonly follow: (listener: (sync: Sync) => void) => void
	/** Starts the controller; the first sync begins at once, when everything has been listed. */
	readonly start: () => void
	readonly close: () => Promise<void>
}

/** For what must not be disturbed by an audit. */
export const NO_AUDIT = 24 * 3_600_000

export const openOwnNode = async (settings: Partial<Config> = {}): Promise<OwnNode> => {
	const clock = new LeapClock()
	const {doors, take} = measuredDoors(openSystemDoors(systemClock))
	const {facts, variant, missing} = await prepareKernel(doors, {load: true})
	if (missing.length > 0) {
		throw new Error(`this kernel lacks ${missing.map(({what}) => what).join(', ')}`)
	}
	const clusterCIDR = [parsePrefix(CLUSTER_NETWORK)].flatMap(prefix => prefix ?? [])
	const config = {...DEFAULT_CONFIG, nodeName: NODE_NAME, clusterCIDR, ...settings}
	const watcher = new SyncWatcher()
	const kernel = openKernel(doors, facts, variant)
	const controller = new Controller({kernel, config, clock, observer: watcher})
	const stop = new AbortController()
	let done: Promise<void> | undefined
	return {
		controller,
		clock,
		config,
		traffic: take,
		next: fits => watcher.next(fits),
		follow: listener => watcher.follow(listener),
		start: () => {
			done = controller.run(stop.signal)
			done.catch(error => watcher.failed('change', error))
		},
		close: async () => {
			stop.abort()
			await done
			doors.netlink.close()
		},
	}
}

/** Gives a controller all objects; it has them in memory then, and nothing is computed yet. */
export const feed = (controller: Controller, objects: Objects): void => {
	for (const object of objects.all()) {
		controller.change(project(object))
	}
	for (const kind of OBJECT_KINDS) {
		controller.synced(kind)
	}
}

/** Objects given, synced, and quiet again. */
export const openSynced = async (objects: Objects, settings?: Partial<Config>): Promise<OwnNode> => {
	const node = await openOwnNode(settings)
	feed(node.controller, objects)
	const first = node.next()
	node.start()
	await first
	return node
}

/** Fails loudly: what did not work must not be measured. */
class SyncWatcher implements Observer {
	#services: string[] = []
	#takenAt = 0
	readonly #listeners: ((sync: Sync) => void)[] = []
	readonly #waiting = new Set<{
		readonly fits: (sync: Sync) => boolean
		readonly resolve: (sync: Sync) => void
		readonly reject: (error: unknown) => void
	}>()

	next(fits: (sync: Sync) => boolean = () => true): Promise<Sync> {
		return new Promise((resolve, reject) => {
			this.#waiting.add({fits, resolve, reject})
		})
	}

	follow(listener: (sync: Sync) => void): void {
		this.#listeners.push(listener)
	}

	readonly compiled = (service: string): void => {
		this.#takenAt ||= performance.now()
		this.#services.push(service)
	}

	readonly applied = (): void => undefined
	readonly synced = ({kind, done, failures: [failure]}: SyncReport): void => {
		const endedAt = performance.now()
		if (failure) {
			this.failed(kind, failure.error)
			return
		}
		const operations = Object.fromEntries(done)
		const sync = {kind, operations, services: this.#services, takenAt: this.#takenAt || endedAt, endedAt}
		this.#services = []
		this.#takenAt = 0
		for (const listener of this.#listeners) {
			listener(sync)
		}
		for (const waiting of this.#waiting) {
			if (waiting.fits(sync)) {
				this.#waiting.delete(waiting)
				waiting.resolve(sync)
			}
		}
	}

	readonly failed = (_kind: unknown, error: unknown): void => {
		for (const {reject} of this.#waiting) {
			reject(error)
		}
		this.#waiting.clear()
	}

	readonly problems = (service: string, problems: readonly {readonly message: string}[]): void => {
		if (problems.length > 0) {
			this.failed('change', new Error(`${service}: ${problems.map(({message}) => message).join('; ')}`))
		}
	}
	readonly garbled = (problem: {readonly message: string}): void => this.failed('change', new Error(problem.message))
	readonly mended = (): void => undefined
	readonly changed = (): void => undefined
	readonly requested = (): void => undefined
	readonly located = (): void => undefined
}

export const countOf = (operations: Sync['operations']): number =>
	Object.values(operations).reduce((sum, count) => sum + count, 0)
