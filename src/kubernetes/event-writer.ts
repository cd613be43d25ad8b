import {hash} from 'node:crypto'
import {type Clock, sleep} from '../clock.ts'
import type {ObjectReference} from '../model/problem.ts'
import {parseStatus} from './api-status.ts'
import {type Http, readBody} from './http.ts'
import {createRecentlySaid} from './recently-said.ts'
import {type ClusterEvent, eventPath, renderEvent} from './render-event.ts'
import {createTokenBucket} from './token-bucket.ts'

export interface EventWriterOptions {
	readonly http: Http
	/** Who says it: `kube-lvs`. */
	readonly component: string
	readonly nodeName: string
	readonly clock: Clock
	/** An Event that cannot be written is lost; why is said here, once until one is written again. */
	readonly report?: (message: string) => void
	/** So many at once, then one each `refillMilliseconds`. */
	readonly burst?: number
	readonly refillMilliseconds?: number
}

export interface EventWriter {
	/**
	 * Returns at once and never throws. What was said of an object within the last hour is not said again. Where too many
	 * wait, or too many of this object, it is lost.
	 */
	readonly write: (event: ClusterEvent) => void
	/** Resolves when nothing is waiting. */
	readonly flush: () => Promise<void>
	/** Gives up what is waiting. */
	readonly stop: () => void
}

const REPEAT_MILLISECONDS = 3_600_000
const REQUEST_MILLISECONDS = 15_000
const QUEUE_LIMIT = 500
/** So many of one object: an annotation that changes all the time must not keep the Events of others waiting. */
const QUEUE_LIMIT_OF_OBJECT = 30

export const createEventWriter = (options: EventWriterOptions): EventWriter => {
	const {clock, burst = 25, refillMilliseconds = 5000} = options
	const bucket = createTokenBucket(clock, burst, refillMilliseconds)
	const recent = createRecentlySaid(clock, REPEAT_MILLISECONDS)
	const stopping = new AbortController()
	const sender = createSender(options, stopping.signal)
	const queue: ClusterEvent[] = []
	let draining: Promise<void> | undefined
	const drain = async () => {
		while (queue.length > 0 && !stopping.signal.aborted) {
			const wait = bucket.take()
			const event = wait === 0 ? queue.shift() : undefined
			await (event ? sender.send(event) : sleep(clock, wait, stopping.signal))
		}
		draining = undefined
	}
	const write = (event: ClusterEvent) => {
		const {kind, namespace, name} = event.object
		const text = JSON.stringify([kind, namespace, name, event.reason, event.note])
		if (stopping.signal.aborted || recent.has(text)) {
			return
		}
		if (queue.length >= QUEUE_LIMIT) {
			sender.complain(`${QUEUE_LIMIT} are waiting`)
			return
		}
		const ofObject = queue.filter(({object}) => isSameObject(object, event.object)).length
		if (ofObject >= QUEUE_LIMIT_OF_OBJECT) {
			return
		}
		recent.add(text)
		queue.push(event)
		draining ??= drain()
	}
	return {write, flush: async () => draining, stop: () => stopping.abort()}
}

const isSameObject = (a: ObjectReference, b: ObjectReference): boolean =>
	a.name === b.name && a.namespace === b.namespace && a.kind === b.kind

/** Sends one after the other; says the first of failures in a row. */
const createSender = (options: EventWriterOptions, stopping: AbortSignal) => {
	const {nodeName, component, clock, report = () => {}} = options
	const nodeHash = hash('sha256', nodeName).slice(0, 6)
	let sequence = 0
	let isFailing = false
	const complain = (message: string) => {
		if (!isFailing && !stopping.aborted) {
			report(`an Event was not written: ${message}`)
		}
		isFailing = true
	}
	const send = async (event: ClusterEvent) => {
		const unique = `${nodeHash}${(sequence++).toString(16)}`
		const body = renderEvent(event, {component, nodeName, now: clock.wall(), unique})
		try {
			await post(options, stopping, {path: eventPath(event), body})
			isFailing = false
		} catch (error) {
			complain(error instanceof Error ? error.message : String(error))
		}
	}
	return {send, complain}
}

const post = async (
	{http, clock}: EventWriterOptions,
	stopping: AbortSignal,
	{path, body}: {readonly path: string; readonly body: string},
): Promise<void> => {
	const controller = new AbortController()
	const abort = () => controller.abort()
	const cancel = clock.after(REQUEST_MILLISECONDS, abort)
	stopping.addEventListener('abort', abort, {once: true})
	try {
		const response = await http.request(path, {method: 'POST', body, signal: controller.signal})
		const answer = await readBody(response.body, 4096)
		if (response.status >= 300) {
			const {message} = parseStatus(answer, response.status, undefined)
			throw new Error(`${response.status}: ${message.slice(0, 300)}`)
		}
	} finally {
		cancel()
		stopping.removeEventListener('abort', abort)
	}
}
