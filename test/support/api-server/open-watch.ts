import type {ServerResponse} from 'node:http'
import type {ApiObject} from './api-object.ts'
import type {ApiRequest} from './api-request.ts'
import type {FaultQueue, SuddenFault} from './faults.ts'
import type {Change, History} from './history.ts'
import {makeStatus} from './status.ts'

export interface WatchContext {
	readonly history: History
	readonly faults: FaultQueue
	readonly bookmarkMilliseconds: number
}

/** One open watch: sends what changes until it is closed by either side, or its time is over. */
export class OpenWatch {
	private readonly context: WatchContext
	private readonly request: ApiRequest
	private readonly response: ServerResponse
	private isMuted: boolean
	private readonly closers: (() => void)[] = []

	constructor(context: WatchContext, request: ApiRequest, response: ServerResponse) {
		this.context = context
		this.request = request
		this.response = response
		this.isMuted = context.faults.take(['silent'], 'watch', this.resource) !== undefined
	}

	get resource(): string {
		return this.request.kind.plural
	}

	/** From a version that the history still has; 0 begins with all objects. */
	start(version: number): void {
		const {history, bookmarkMilliseconds} = this.context
		const {query, kind, matches} = this.request
		this.response.writeHead(200, {'content-type': 'application/json'})
		this.response.flushHeaders()
		this.response.on('close', () => this.stop())
		if (version === 0) {
			for (const object of history.list(kind.kind).filter(matches)) {
				this.send('ADDED', object)
			}
		}
		for (const change of version === 0 ? [] : history.since(version)) {
			this.onChange(change)
		}
		this.closers.push(history.subscribe(change => this.onChange(change)))
		const end = setTimeout(() => this.end(), Number(query.get('timeoutSeconds') ?? 1800) * 1000)
		this.closers.push(() => clearTimeout(end))
		if (query.get('allowWatchBookmarks') === 'true') {
			const bookmarks = setInterval(() => this.bookmark(), bookmarkMilliseconds)
			this.closers.push(() => clearInterval(bookmarks))
		}
	}

	suffer(fault: SuddenFault): void {
		switch (fault.fault) {
			case 'error-event':
				this.write({type: 'ERROR', object: makeStatus(fault.code, 'an error on demand')})
				this.end()
				return
			case 'close':
				this.end()
				return
			case 'drop':
				this.response.destroy()
				return
			case 'mute':
				this.isMuted = true
				return
			default:
				throw fault satisfies never
		}
	}

	bookmark(): void {
		const {kind, apiVersion} = this.request.kind
		const metadata = {resourceVersion: String(this.context.history.version), creationTimestamp: null}
		this.write({type: 'BOOKMARK', object: {kind, apiVersion, metadata}})
	}

	/** A muted watch does not even end. */
	end(): void {
		this.stop()
		if (!this.isMuted) {
			this.response.end()
		}
	}

	private stop(): void {
		for (const close of this.closers.splice(0)) {
			close()
		}
	}

	/** An object that leaves the selection is deleted, one that comes into it is added. */
	private onChange({kind, before, after, version}: Change): void {
		if (kind !== this.request.kind.kind || this.response.destroyed) {
			return
		}
		const was = before !== undefined && this.request.matches(before)
		const is = after !== undefined && this.request.matches(after)
		if (after && is) {
			this.send(was ? 'MODIFIED' : 'ADDED', after)
		} else if (before && was) {
			this.send('DELETED', {...before, metadata: {...before.metadata, resourceVersion: String(version)}})
		}
	}

	private send(type: string, object: ApiObject): void {
		const {faults} = this.context
		if (!this.isMuted && faults.take(['garble-event'], 'watch', this.resource)) {
			this.response.write('{"type":"MODI\n')
		}
		if (!this.isMuted && faults.take(['cut-event'], 'watch', this.resource)) {
			const text = JSON.stringify({type, object})
			this.isMuted = true
			this.response.write(text.slice(0, text.length / 2), () => this.response.destroy())
			return
		}
		this.write({type, object: {apiVersion: this.request.kind.apiVersion, ...object}})
	}

	private write(event: object): void {
		if (!this.isMuted) {
			this.response.write(`${JSON.stringify(event)}\n`)
		}
	}
}
