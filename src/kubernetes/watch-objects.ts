import type {Delivery} from './delivery.ts'
import {metadataText} from './json.ts'
import {createLineSplitter} from './line-splitter.ts'
import {readStream} from './read-stream.ts'
import type {ReflectorLimits, ReflectorOptions} from './reflector-options.ts'
import {watchPath} from './resource.ts'
import {statusError} from './status-error.ts'
import {orGarbled, TransportError} from './trouble.ts'
import {parseWatchEvent, type WatchEvent} from './watch-event.ts'

export interface WatchAttempt {
	readonly options: ReflectorOptions
	readonly limits: ReflectorLimits
	readonly version: string
	readonly signal: AbortSignal
	readonly onOpen: () => void
	readonly onBytes: () => void
	/** Everything up to this version has been handed on. */
	readonly onVersion: (version: string) => void
}

/** Watches until the server ends it in good order, else throws a TransportError. */
export const watchObjects = async (attempt: WatchAttempt, delivery: Delivery): Promise<void> => {
	const {options, limits, version, signal} = attempt
	const {min, max} = limits.watchSeconds
	const seconds = min + Math.floor(options.random() * (max - min + 1))
	const what = `watch ${options.resource.kind}`
	const lines = createLineSplitter(limits.objectBytes)
	const onChunk = (chunk: Uint8Array) => {
		attempt.onBytes()
		for (const line of orGarbled(what, () => lines.push(chunk))) {
			attempt.onVersion(handleEvent(parseWatchEvent(line), delivery, what))
		}
	}
	const stream = {
		http: options.http,
		clock: options.clock,
		signal,
		path: watchPath(options.resource, version, seconds),
		what,
		idleMilliseconds: limits.idleMilliseconds,
		totalMilliseconds: seconds * 1000 + limits.overtimeMilliseconds,
	}
	await readStream(stream, {onOpen: attempt.onOpen, onChunk})
	if (lines.pending() > 0) {
		throw new TransportError('interrupted', `${what}: the stream ended in the middle of an event`)
	}
}

/** Gives the version that is reached by it; empty when it brings none. */
const handleEvent = (event: WatchEvent, delivery: Delivery, what: string): string => {
	switch (event.type) {
		case 'put':
			delivery.put(event.object)
			return metadataText(event.object, 'resourceVersion')
		case 'delete':
			delivery.remove(event.object)
			return metadataText(event.object, 'resourceVersion')
		case 'bookmark':
			return event.version
		case 'unknown':
			return ''
		case 'error':
			throw statusError(event.status, what)
		case 'garbled':
			throw new TransportError('garbled', `${what}: ${event.message}`)
		default:
			throw event satisfies never
	}
}
