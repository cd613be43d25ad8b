import type {Clock} from '../../clock.ts'
import type {Operation} from '../../plan/operation.ts'
import type {Observer, SyncKind, SyncReport} from '../observer.ts'
import {type Cause, type EndedSync, MOST_CHANGES, MOST_SERVICES} from './describe-sync.ts'

/** The first operations of a sync that is under way. */
interface Begun {
	readonly done: (readonly Operation[])[]
	count: number
}

type Noted = 'applied' | 'synced' | 'failed' | 'compiled' | 'located'

/** Keeps what there is to say of each sync, and hands it on when the sync has ended and did or tried something. */
export const createSyncNotes = (
	{wall}: Pick<Clock, 'wall'>,
	hand: (sync: EndedSync) => void,
): Pick<Observer, Noted> => {
	/** By kind: changes are synced while an audit is under way. */
	const begun = new Map<SyncKind, Begun>()
	let cause = noCause()
	const end = (kind: SyncKind, report: SyncReport | undefined, error?: unknown): void => {
		const done = begun.get(kind)?.done ?? []
		begun.delete(kind)
		if (done.length > 0 || error !== undefined || (report?.failures.length ?? 0) > 0) {
			hand({...cause, kind, at: wall(), done, report, error})
		}
		// What was compiled belongs to the sync that ends next, and to no other.
		cause = noCause()
	}
	return {
		compiled: service => {
			if (cause.count++ < MOST_SERVICES) {
				cause.services.push(service)
			}
		},
		located: () => {
			cause.isOfNode = true
		},
		applied: (kind, operations) => {
			const sync = begun.get(kind) ?? {done: [], count: 0}
			begun.set(kind, sync)
			const room = MOST_CHANGES - sync.count
			if (room > 0) {
				sync.done.push(operations.length <= room ? operations : operations.slice(0, room))
				sync.count += Math.min(operations.length, room)
			}
		},
		synced: report => end(report.kind, report),
		failed: (kind, error) => end(kind, undefined, error),
	}
}

const noCause = (): {-readonly [Field in keyof Cause]: Cause[Field]} & {readonly services: string[]} => ({
	services: [],
	count: 0,
	isOfNode: false,
})
