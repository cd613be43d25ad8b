import type {Clock} from '../clock.ts'
import type {Http} from './http.ts'
import {readStatusError} from './status-error.ts'
import {TransportError, type TroubleKind} from './trouble.ts'
import {createWatchdog} from './watchdog.ts'

export interface StreamOptions {
	readonly http: Http
	readonly clock: Clock
	readonly signal: AbortSignal
	readonly path: string
	/** For messages: `list Service`. */
	readonly what: string
	/** Without a byte for so long, it is given up as `silent`. */
	readonly idleMilliseconds: number
	/** It is given up as `overdue` after this. */
	readonly totalMilliseconds: number
}

export interface StreamReader {
	/** The server has accepted. */
	readonly onOpen: () => void
	/** May throw a TransportError to end the stream. */
	readonly onChunk: (chunk: Uint8Array) => void
}

/** Reads one answer to its end; every way in which that can fail is a TransportError. */
export const readStream = async (options: StreamOptions, reader: StreamReader): Promise<void> => {
	const limits = startLimits(options)
	let kind: TroubleKind = 'unreachable'
	try {
		options.signal.throwIfAborted()
		const response = await options.http.request(options.path, {signal: limits.signal})
		kind = 'interrupted'
		if (response.status !== 200) {
			throw await readStatusError(response, options.what)
		}
		reader.onOpen()
		for await (const chunk of response.body) {
			limits.feed()
			reader.onChunk(chunk)
		}
	} catch (error) {
		throw limits.exceeded() ?? asTransportError(error, kind, options.what)
	} finally {
		limits.stop()
	}
}

/** A signal that ends the request when the caller's does, or when a limit is exceeded. */
const startLimits = ({clock, signal, what, idleMilliseconds, totalMilliseconds}: StreamOptions) => {
	const controller = new AbortController()
	const abort = () => controller.abort()
	let exceeded: TransportError | undefined
	const giveUp = (kind: TroubleKind, message: string) => {
		exceeded = new TransportError(kind, `${what}: ${message}`)
		abort()
	}
	const watchdog = createWatchdog(clock, idleMilliseconds, () =>
		giveUp('silent', `nothing arrived for ${idleMilliseconds / 1000} s`),
	)
	const cancelTotal = clock.after(totalMilliseconds, () => giveUp('overdue', 'the server did not end it in time'))
	signal.addEventListener('abort', abort, {once: true})
	const stop = () => {
		watchdog.stop()
		cancelTotal()
		signal.removeEventListener('abort', abort)
		abort()
	}
	return {signal: controller.signal, feed: watchdog.feed, exceeded: () => exceeded, stop}
}

const asTransportError = (error: unknown, kind: TroubleKind, what: string): TransportError => {
	if (error instanceof TransportError) {
		return error
	}
	return new TransportError(kind, `${what}: ${error instanceof Error ? error.message : String(error)}`)
}
