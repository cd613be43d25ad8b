import type {Delivery, Listing} from './delivery.ts'
import {metadataText, parseJson} from './json.ts'
import {ListSplitter} from './list-splitter.ts'
import {listLimit, listVersion, type Position} from './position.ts'
import {readStream, type StreamOptions} from './read-stream.ts'
import type {ReflectorLimits, ReflectorOptions} from './reflector-options.ts'
import {listPath} from './resource.ts'
import {orGarbled, TransportError} from './trouble.ts'

export interface ListAttempt {
	readonly options: ReflectorOptions
	readonly limits: ReflectorLimits
	readonly position: Position
	readonly signal: AbortSignal
}

/** However slowly a list trickles in, no page may take longer. */
const PAGE_MILLISECONDS = 10 * 60_000

/** Lists page by page, each object handed on as it arrives; gives the version of the list, or throws a TransportError. */
export const listObjects = async (attempt: ListAttempt, delivery: Delivery): Promise<string> => {
	const {options, limits, position, signal} = attempt
	const what = `list ${options.resource.kind}`
	const query = {version: listVersion(position), limit: listLimit(position, limits.pageSize)}
	const listing = delivery.startListing()
	let continueToken = ''
	let version = ''
	do {
		const stream: StreamOptions = {
			http: options.http,
			clock: options.clock,
			signal,
			path: listPath(options.resource, {...query, continueToken}),
			what,
			idleMilliseconds: limits.listIdleMilliseconds,
			totalMilliseconds: PAGE_MILLISECONDS,
		}
		const envelope = await readPage(stream, listing, limits.objectBytes)
		version = metadataText(envelope, 'resourceVersion')
		continueToken = metadataText(envelope, 'continue')
	} while (continueToken !== '')
	if (version === '') {
		throw new TransportError('garbled', `${what}: the answer has no resourceVersion`)
	}
	listing.finish()
	return version
}

/** One page; gives the list without its items. */
const readPage = async (stream: StreamOptions, listing: Listing, objectBytes: number): Promise<unknown> => {
	const splitter = new ListSplitter(objectBytes)
	const onChunk = (chunk: Uint8Array) => {
		for (const text of orGarbled(stream.what, () => splitter.push(chunk))) {
			listing.put(parseOr(text, stream.what))
		}
	}
	await readStream(stream, {onOpen: () => {}, onChunk})
	const text = splitter.end()
	if (text === undefined) {
		throw new TransportError('interrupted', `${stream.what}: the answer ended in its middle`)
	}
	return parseOr(text, stream.what)
}

const parseOr = (text: string, what: string): unknown => {
	const json = parseJson(text)
	if (json === undefined) {
		throw new TransportError('garbled', `${what}: not JSON: ${text.slice(0, 80)}`)
	}
	return json
}
