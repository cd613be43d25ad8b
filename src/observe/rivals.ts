import type {Logger} from 'pino'
import {formatOperation} from '../plan/format-operation.ts'
import {findKubeProxy, formatLiveKubeProxy, type LiveKubeProxy} from './find-kube-proxy.ts'
import type {Metrics} from './metrics/metrics.ts'
import type {Observer} from './observer.ts'

export interface RivalsParts {
	readonly log: Logger
	readonly metrics: Pick<Metrics, 'kubeProxyAlive' | 'contested'>
	readonly find?: () => Promise<LiveKubeProxy | undefined>
}

/** So many audits on end that repair the same are no accident. */
const AUDITS = 3

/** At most so many are named. */
const MAX_NAMED = 5

/** At most so many repairs of one audit are remembered: whoever undoes more undoes some of these. */
const MAX_REMEMBERED = 1000

/**
 * Who else works on what is ours: a kube-proxy that still runs is found by its servers, anybody by what has to be
 * repaired again and again. Each is said once when it appears and once when it is gone.
 */
export class Rivals {
	readonly #parts: RivalsParts
	/** By operation: how many audits on end have done it. */
	#repairs: ReadonlyMap<string, number> = new Map()
	/** What the audit under way has done. */
	readonly #done = new Set<string>()
	#kubeProxy: string | undefined
	#contest: string | undefined

	constructor(parts: RivalsParts) {
		this.#parts = parts
	}

	readonly observer: Pick<Observer, 'applied' | 'synced'> = {
		applied: (kind, operations) => {
			for (const operation of kind === 'audit' ? operations : []) {
				if (this.#done.size < MAX_REMEMBERED) {
					this.#done.add(formatOperation(operation))
				}
			}
		},
		synced: report => {
			if (report.kind !== 'change') {
				this.#count()
				void this.look()
			}
		},
	}

	/** What is to be said about rivals now. */
	get warnings(): readonly string[] {
		return [this.#kubeProxy, this.#contest].filter(text => text !== undefined)
	}

	/** Asks for a kube-proxy; never rejects. */
	async look(): Promise<void> {
		const {log, metrics, find = findKubeProxy} = this.#parts
		const found = await find().catch(() => undefined)
		const text = found && formatLiveKubeProxy(found)
		metrics.kubeProxyAlive.set(found ? 1 : 0)
		this.#tell(this.#kubeProxy, text, () => log.info('no kube-proxy answers on this node any more'))
		this.#kubeProxy = text
	}

	#count(): void {
		const {log, metrics} = this.#parts
		const repairs = new Map([...this.#done].map(line => [line, (this.#repairs.get(line) ?? 0) + 1]))
		this.#repairs = repairs
		this.#done.clear()
		const contested = [...repairs].flatMap(([line, times]) => (times >= AUDITS ? [line] : []))
		metrics.contested.set(contested.length)
		const more = contested.length > MAX_NAMED ? ` and ${contested.length - MAX_NAMED} more` : ''
		const text =
			contested.length > 0
				? `somebody undoes what kube-lvs does, between any two audits: ${contested.slice(0, MAX_NAMED).join(', ')}${more}`
				: undefined
		const isNews = (text === undefined) !== (this.#contest === undefined)
		this.#tell(isNews ? this.#contest : text, text, () => log.info('nobody undoes what kube-lvs does any more'))
		this.#contest = text
	}

	#tell(before: string | undefined, after: string | undefined, sayGone: () => void): void {
		if (after !== undefined && after !== before) {
			this.#parts.log.error(after)
		} else if (after === undefined && before !== undefined) {
			sayGone()
		}
	}
}
