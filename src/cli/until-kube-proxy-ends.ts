import {type Clock, sleep} from '../clock.ts'
import {findKubeProxy, formatLiveKubeProxy, type LiveKubeProxy} from '../observe/find-kube-proxy.ts'

export interface WaitOptions {
	readonly clock: Clock
	readonly log: {readonly info: (message: string) => void; readonly warn: (message: string) => void}
	/** Ends the wait. */
	readonly signal: AbortSignal
	readonly find?: () => Promise<LiveKubeProxy | undefined>
}

const PAUSE_MILLISECONDS = 1000

/** One that has been found is gone when so many questions on end get no answer: it may only be busy. */
const UNANSWERED = 2

/**
 * Resolves when no kube-proxy answers on this node, at once where there is none. A node is taken over by whoever stops
 * its kube-proxy, not by a kube-lvs that was started too early: beside each other they would undo each other's work.
 */
export const untilKubeProxyEnds = async (options: WaitOptions): Promise<void> => {
	const {clock, log, signal, find = findKubeProxy} = options
	const first = await find()
	if (!first) {
		return
	}
	log.warn(`${formatLiveKubeProxy(first)}; nothing is changed before it has stopped`)
	for (let unanswered = 0; unanswered < UNANSWERED; ) {
		await sleep(clock, PAUSE_MILLISECONDS, signal)
		if (signal.aborted) {
			return
		}
		unanswered = (await find()) ? 0 : unanswered + 1
	}
	log.info('no kube-proxy answers on this node any more: it is taken over')
}
