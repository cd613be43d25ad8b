import {monitorEventLoopDelay} from 'node:perf_hooks'
import {setTimeout as pause} from 'node:timers/promises'
import {makeObjects, type Objects, project, type Size} from '../objects.ts'
import {countOf, type OwnNode, openSynced} from './own-node.ts'
import {median} from './statistics.ts'

export interface Audit {
	/** To read and compare everything; median of some. */
	readonly seconds: number
	/** That audits wrote: none, because nobody else changes this kernel. */
	readonly operations: number
	/** The longest time that a change which came during an audit waited until it was taken in. */
	readonly maxWaitMs: number
	/** And until the kernel had acknowledged it. */
	readonly maxLatencyMs: number
	/** The longest time that the process did not listen to anything. */
	readonly maxBlockedMs: number
}

const QUIET_AUDITS = 3
/** When changes come, as parts of the time that an audit takes. */
const MOMENTS = [0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
/** Milliseconds between two samples of how long the process was deaf. */
const RESOLUTION = 1

export const measureAudit = async (size: Size): Promise<Audit> => {
	const objects = makeObjects(size)
	const node = await openSynced(objects)
	const times: number[] = []
	let operations = 0
	for (let at = 0; at < QUIET_AUDITS; at++) {
		const audit = await auditNow(node)
		times.push(audit.milliseconds)
		operations += audit.operations
	}
	const length = median(times)
	const delays = monitorEventLoopDelay({resolution: RESOLUTION})
	const waits: {readonly wait: number; readonly latency: number}[] = []
	for (const [at, moment] of MOMENTS.entries()) {
		await rest(node)
		delays.enable()
		const due = performance.now() + moment * length
		const audit = startAudit(node)
		await pause(moment * length)
		waits.push(await changeNow(node, objects, at, due))
		await audit
		delays.disable()
	}
	await node.close()
	return {
		seconds: length / 1000,
		operations,
		maxWaitMs: Math.max(...waits.map(({wait}) => wait)),
		maxLatencyMs: Math.max(...waits.map(({latency}) => latency)),
		maxBlockedMs: delays.max / 1e6,
	}
}

/** Past the shortest pause between two syncs, so that an audit begins when it is due. */
const rest = async (node: OwnNode): Promise<void> => {
	node.clock.leap(node.config.minSyncInterval * 2)
	await pause(20)
}

const startAudit = (node: OwnNode) => {
	const audit = node.next(({kind}) => kind === 'audit')
	node.clock.leap(node.config.auditInterval)
	return audit
}

const auditNow = async (node: OwnNode) => {
	await rest(node)
	const start = performance.now()
	const {endedAt, operations} = await startAudit(node)
	return {milliseconds: endedAt - start, operations: countOf(operations)}
}

/** It was due at `due`: where the process did not listen at that time, the change has waited since. */
const changeNow = async (node: OwnNode, objects: Objects, service: number, due: number) => {
	const [slice] = objects.slices(service, 0).map(project)
	const synced = node.next(({services}) => services.length > 0)
	if (slice) {
		node.controller.change(slice)
	}
	const {takenAt, endedAt} = await synced
	return {wait: takenAt - due, latency: endedAt - due}
}
