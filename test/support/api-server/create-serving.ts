import {randomUUID} from 'node:crypto'
import type {ApiServerOptions} from './api-server-options.ts'
import {type Controlled, serveControl} from './control.ts'
import {FaultQueue, isSudden} from './faults.ts'
import type {Serving} from './handle-request.ts'
import {History} from './history.ts'

export interface ServingAndControl {
	readonly serving: Serving
	readonly control: Controlled
}

/** Everything that the double knows, and the handle on it. */
export const createServing = (options: ApiServerOptions): ServingAndControl => {
	const history = new History(options.historyWindow ?? 10_000)
	for (const object of options.objects ?? []) {
		history.put(object)
	}
	const serving: Serving = {
		history,
		faults: new FaultQueue(),
		watches: new Set(),
		pages: new Map(),
		requests: [],
		role: options.role,
		token: randomUUID(),
		limitsCached: options.limitsCached ?? true,
		bookmarkMilliseconds: options.bookmarkMilliseconds ?? 60_000,
		expiredAs: 'event',
		control: (request, response) => serveControl(control, request, response),
	}
	const control = createControl(serving)
	return {serving, control}
}

const createControl = (serving: Serving): Controlled => {
	const {history, faults, watches, pages, requests} = serving
	return {
		put: object => history.put(object),
		delete: (kind, namespace, name) => history.delete(kind, namespace, name),
		fault: fault => {
			if (!isSudden(fault)) {
				faults.add(fault)
				return
			}
			for (const watch of watches) {
				if ((fault.resource ?? watch.resource) === watch.resource) {
					watch.suffer(fault)
				}
			}
		},
		clearFaults: () => faults.clear(),
		rewind: version => history.rewind(version),
		compact: (expiredAs = 'event') => {
			serving.expiredAs = expiredAs
			history.compact()
		},
		expirePages: () => pages.clear(),
		state: () => ({version: history.version, watches: watches.size, requests, events: history.list('Event')}),
	}
}
