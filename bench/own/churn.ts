import {setTimeout as pause} from 'node:timers/promises'
import {makeObjects, type Objects, project, type Size} from '../objects.ts'
import {type OwnNode, openSynced, type Sync} from './own-node.ts'
import {median, percentile} from './statistics.ts'

export interface Churn {
	readonly seconds: number
	/** Changes each second, as asked for and as they came about. */
	readonly rate: number
	readonly reachedRate: number
	/** From a change to the kernel's acknowledgement; the pause between two syncs (`minSyncInterval`) is part of it. */
	readonly medianMs: number
	readonly p99Ms: number
	/** The most changes that waited at one time. */
	readonly maxBacklog: number
	/** User and system time of this process, as a part of the time; 1 is one CPU. */
	readonly cpu: number
	readonly syncs: number
}

export const CHURN_RATE = 100
/** A prime number: each change is of another Service. */
const STRIDE = 7919

/** Endpoints change all the time, with the pauses and audits that are usual. */
export const measureChurn = async (size: Size, seconds: number): Promise<Churn> => {
	const objects = makeObjects(size)
	const node = await openSynced(objects)
	const changes = new WaitingChanges()
	node.follow(sync => changes.take(sync))
	const cpu = process.cpuUsage()
	const start = performance.now()
	const maxBacklog = await churn(node, objects, changes, seconds)
	const elapsed = (performance.now() - start) / 1000
	const {user, system} = process.cpuUsage(cpu)
	await node.close()
	return {
		seconds: elapsed,
		rate: CHURN_RATE,
		reachedRate: changes.sent / elapsed,
		medianMs: median(changes.latencies),
		p99Ms: percentile(changes.latencies, 0.99),
		maxBacklog,
		cpu: (user + system) / 1e6 / elapsed,
		syncs: changes.syncs,
	}
}

class WaitingChanges {
	sent = 0
	syncs = 0
	readonly latencies: number[] = []
	readonly #since = new Map<string, number>()

	/** From when it was due, sent or not. Of several changes of one Service that wait together the first one counts. */
	add(service: string, due: number): void {
		this.sent++
		if (!this.#since.has(service)) {
			this.#since.set(service, due)
		}
	}

	take({services, endedAt}: Sync): void {
		this.syncs++
		for (const service of services) {
			const since = this.#since.get(service)
			if (since !== undefined) {
				this.latencies.push(endedAt - since)
				this.#since.delete(service)
			}
		}
	}

	get size(): number {
		return this.#since.size
	}
}

/** Resolves with the largest backlog. What a slow turn left out is made up for in the next. */
const churn = async (node: OwnNode, objects: Objects, changes: WaitingChanges, seconds: number): Promise<number> => {
	const start = performance.now()
	let maxBacklog = 0
	for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - start) / 1000) {
		while (changes.sent < elapsed * CHURN_RATE) {
			const {service, slice} = churnedSlice(objects, changes.sent)
			const change = project(slice)
			const due = start + (changes.sent * 1000) / CHURN_RATE
			changes.add(`${slice.metadata.namespace}/${objects.service(service).metadata.name}`, due)
			node.controller.change(change)
		}
		maxBacklog = Math.max(maxBacklog, changes.size)
		await pause(1000 / CHURN_RATE)
	}
	return maxBacklog
}

/** The change of this number: an endpoint is replaced, or the former one comes back. */
export const churnedSlice = (objects: Objects, number: number) => {
	const service = (number * STRIDE) % objects.services
	const isReplaced = Math.floor(number / objects.services) % 2 === 0
	const [slice] = objects.slices(service, isReplaced ? 0 : undefined)
	if (!slice) {
		throw new Error('a Service without endpoints has nothing to change')
	}
	return {service, slice}
}
