import type {Logger} from 'pino'
import type {Clock} from '../../clock.ts'
import type {Config} from '../../config/fields.ts'
import type {Observer} from '../observer.ts'
import {describeSync, type EndedSync} from './describe-sync.ts'
import {createJournalWriter, type JournalWriter} from './journal-file.ts'
import {Repetitions} from './repetitions.ts'
import {createSyncNotes} from './sync-notes.ts'
import {type Askers, WhoAsked} from './who-asked.ts'

/** What is known of a sync is put in words and written so much later, with all that came meanwhile. */
const DELAY_MILLISECONDS = 500

/** Unless so many operations of ended syncs wait already. */
const MOST_WAITING = 5000

export interface JournalParts {
	readonly writer: JournalWriter
	readonly clock: Clock
	readonly askers: () => Askers
}

export interface Journal {
	readonly observer: Partial<Observer>
	/** Resolves when all is written that waits. */
	readonly flush: () => Promise<void>
}

export interface OpenJournalParts extends Pick<JournalParts, 'clock' | 'askers'> {
	readonly config: Config
	readonly log: Logger
}

/** That of this node; where it has no room nothing is noted. */
export const openJournal = ({config, log, ...parts}: OpenJournalParts): Journal => {
	const {runtimeDirectory, journalMegabytes} = config
	const report = (message: string) => log.warn(message)
	return journalMegabytes === 0
		? {observer: {}, flush: async () => undefined}
		: createJournal({
				...parts,
				writer: createJournalWriter({runtimeDirectory, maxBytes: journalMegabytes * 1e6, report}),
			})
}

/**
 * Writes down every change of the kernel with its cause. During a sync nothing is done but to keep the first lists of
 * operations, which are there anyway; what they say is put in words later.
 */
export const createJournal = ({writer, clock, askers}: JournalParts): Journal => {
	const whoAsked = new WhoAsked(askers)
	const repetitions = new Repetitions()
	let ended: EndedSync[] = []
	let waiting = 0
	let cancel: (() => void) | undefined
	const put = (): void => {
		cancel?.()
		cancel = undefined
		const lines = ended.map(sync => JSON.stringify(repetitions.shorten(describeSync(sync, whoAsked))))
		ended = []
		waiting = 0
		if (lines.length > 0) {
			writer.write(lines)
		}
	}
	const take = (sync: EndedSync): void => {
		ended.push(sync)
		waiting += sync.done.reduce((sum, {length}) => sum + length, 0)
		if (!cancel || waiting > MOST_WAITING) {
			cancel?.()
			cancel = clock.after(waiting > MOST_WAITING ? 0 : DELAY_MILLISECONDS, put)
		}
	}
	return {
		observer: {...createSyncNotes(clock, take), changed: change => whoAsked.changed(change)},
		flush: () => {
			put()
			return writer.flush()
		},
	}
}
