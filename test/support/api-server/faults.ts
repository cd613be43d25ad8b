/** Which requests a fault meets; all where it says nothing. */
interface Target {
	readonly verb?: Verb
	/** `services`, `endpointslices`, `nodes`, `servicecidrs`, `events` */
	readonly resource?: string
	/** How many requests or events it meets; 1 unless told. */
	readonly times?: number
}

export type Verb = 'list' | 'watch' | 'get' | 'create'

/** What goes wrong with requests that come, or with events that are sent, from now on. */
export type QueuedFault = Target &
	(
		| {readonly fault: 'status'; readonly code: number; readonly retryAfterSeconds?: number}
		/** The connection is reset instead of an answer. */
		| {readonly fault: 'reset'}
		/** The answer begins so much later. */
		| {readonly fault: 'slow'; readonly milliseconds: number}
		/** A watch is accepted, and then nothing comes, not even an end. */
		| {readonly fault: 'silent'}
		/** The token of a further page of a list has expired. */
		| {readonly fault: 'expire-page'}
		/** A list breaks off in its middle. */
		| {readonly fault: 'cut-list'}
		/** An event of a watch breaks off in its middle, and the connection with it. */
		| {readonly fault: 'cut-event'}
		/** A line of garbage comes before an event of a watch. */
		| {readonly fault: 'garble-event'}
	)

/** What happens at once to every watch that is open. */
export type SuddenFault = {readonly resource?: string} & (
	| {readonly fault: 'error-event'; readonly code: number}
	/** Ended in good order. */
	| {readonly fault: 'close'}
	/** Reset. */
	| {readonly fault: 'drop'}
	/** Nothing more comes on it. */
	| {readonly fault: 'mute'}
)

export type Fault = QueuedFault | SuddenFault

const SUDDEN = new Set<string>(['error-event', 'close', 'drop', 'mute'] satisfies SuddenFault['fault'][])
export const isSudden = (fault: Fault): fault is SuddenFault => SUDDEN.has(fault.fault)

/** Faults in waiting. */
export class FaultQueue {
	private readonly waiting: {readonly fault: QueuedFault; left: number}[] = []

	add(fault: QueuedFault): void {
		this.waiting.push({fault, left: fault.times ?? 1})
	}

	/** The first fault of one of these names that meets such a request; counted as used. */
	take<K extends QueuedFault['fault']>(
		names: readonly K[],
		verb: Verb,
		resource: string,
	): (QueuedFault & {readonly fault: K}) | undefined {
		const index = this.waiting.findIndex(
			({fault}) =>
				names.includes(fault.fault as K) && (fault.verb ?? verb) === verb && (fault.resource ?? resource) === resource,
		)
		const entry = this.waiting[index]
		if (!entry) {
			return undefined
		}
		entry.left -= 1
		if (entry.left <= 0) {
			this.waiting.splice(index, 1)
		}
		return entry.fault as QueuedFault & {readonly fault: K}
	}

	clear(): void {
		this.waiting.length = 0
	}
}
