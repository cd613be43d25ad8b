import {setTimeout as pause} from 'node:timers/promises'
import {goneChange} from '../../src/kubernetes/decode-change.ts'
import type {ObjectChange} from '../../src/model/object.ts'
import {ENDPOINTS_PER_SLICE, makeObjects, type Objects, project, type Size} from '../objects.ts'
import {CHANGE_KINDS, type ChangeKind, neededOperations} from './needed.ts'
import {countOf, NO_AUDIT, type OwnNode, openSynced} from './own-node.ts'
import {median, percentile} from './statistics.ts'

export interface Change {
	readonly medianMs: number
	readonly p99Ms: number
	/** User and system time of this process, per change. */
	readonly cpuMs: number
	/** Of all changes together, as sent and as needed. */
	readonly operations: number
	readonly neededOperations: number
	readonly changes: number
	/** Per change. */
	readonly sends: number
	readonly processes: number
	readonly kinds: Readonly<Record<string, number>>
}

export interface Changes extends Readonly<Record<ChangeKind, Change>> {
	readonly minSyncIntervalMs: number
}

/** Before those that are measured: the first of its kind is compiled as it runs. */
const WARM_UP = 10
/** Milliseconds without work between two changes. */
const REST = 10

/**
 * One change at a time, each from its arrival to the kernel's last acknowledgement. Between two of them the clock that
 * the controller has is put forward by more than its shortest pause, so that each finds it ready, as a single change in
 * a quiet cluster does.
 */
export const measureChanges = async (size: Size, count: number): Promise<Changes> => {
	const objects = makeObjects(size)
	const node = await openSynced(objects, {auditInterval: NO_AUDIT})
	const seen: Partial<Record<ChangeKind, Change>> = {}
	for (const kind of CHANGE_KINDS) {
		const all = changesOf(objects, kind, count + WARM_UP)
		for (const change of all.slice(0, WARM_UP)) {
			await measureOne(node, change)
		}
		seen[kind] = await measureAll(node, all.slice(WARM_UP))
	}
	await node.close()
	return {...(seen as Record<ChangeKind, Change>), minSyncIntervalMs: node.config.minSyncInterval}
}

interface OneChange {
	readonly changes: readonly ObjectChange[]
	readonly needed: number
}

const changesOf = (objects: Objects, kind: ChangeKind, count: number): readonly OneChange[] => {
	if (kind === 'endpoint' || kind === 'localEndpoint') {
		return replacements(objects, kind, count)
	}
	return Array.from({length: count}, (_, at) => {
		const index = objects.services + at
		const all = [objects.service(index), ...objects.slices(index)].map(project)
		const changes = kind === 'removed' ? all.map(({kind: of, key}) => goneChange(of, key)) : all
		return {changes, needed: neededOperations(objects, kind, index)}
	})
}

/** Each place in turn; when all have had theirs, the former endpoint comes back. */
const replacements = (objects: Objects, kind: ChangeKind, count: number): readonly OneChange[] => {
	const places = placesOf(objects, kind === 'localEndpoint')
	return Array.from({length: count}, (_, at) => {
		const {service, endpoint} = places[(at * STRIDE) % places.length] ?? {service: 0, endpoint: 0}
		const isReplaced = Math.floor(at / places.length) % 2 === 0
		const slices = objects.slices(service, isReplaced ? endpoint : undefined)
		const slice = slices.slice(Math.floor(endpoint / ENDPOINTS_PER_SLICE)).slice(0, 1)
		return {changes: slice.map(project), needed: neededOperations(objects, kind, service)}
	})
}

/** One for each Service that has an endpoint there, on this node or on another one. */
const placesOf = (objects: Objects, isLocal: boolean) =>
	Array.from({length: objects.services}, (_, service) => ({
		service,
		endpoint: Array.from({length: objects.endpoints}, (_, at) => objects.isLocal(service, at)).indexOf(isLocal),
	})).filter(({endpoint}) => endpoint >= 0)

/** A prime number: neighbours are not changed after each other, and each place has its turn. */
const STRIDE = 7919

const measureAll = async (node: OwnNode, changes: readonly OneChange[]): Promise<Change> => {
	const times: number[] = []
	const kinds: Record<string, number> = {}
	let cpu = 0
	node.traffic()
	for (const change of changes) {
		const before = process.cpuUsage()
		const {milliseconds, operations} = await measureOne(node, change)
		const {user, system} = process.cpuUsage(before)
		cpu += (user + system) / 1000
		times.push(milliseconds)
		for (const [kind, number] of Object.entries(operations)) {
			kinds[kind] = (kinds[kind] ?? 0) + number
		}
	}
	const {sends, processes} = node.traffic()
	return {
		medianMs: median(times),
		p99Ms: percentile(times, 0.99),
		cpuMs: cpu / changes.length,
		operations: countOf(kinds),
		neededOperations: changes.reduce((sum, {needed}) => sum + needed, 0),
		changes: changes.length,
		sends: sends / changes.length,
		processes: processes / changes.length,
		kinds,
	}
}

const measureOne = async (node: OwnNode, {changes}: OneChange) => {
	await pause(REST)
	node.clock.leap(node.config.minSyncInterval * 2)
	await pause(0)
	const synced = node.next(({services}) => services.length > 0)
	const start = performance.now()
	for (const change of changes) {
		node.controller.change(change)
	}
	const {operations, endedAt} = await synced
	return {milliseconds: endedAt - start, operations}
}
