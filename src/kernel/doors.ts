import type {NetlinkProtocol} from './netlink/constants.ts'

/** The only ways out of this process to the kernel. Everything above them runs in unit tests. */
export interface Doors {
	readonly netlink: NetlinkDoor
	readonly exec: ExecDoor
	readonly files: FilesDoor
}

export interface NetlinkDoor {
	/**
	 * Sends one datagram of one or more requests, or of one dump, hands on each reply as it comes, for `onReply` to use
	 * while it is called and not to keep, and resolves after the one that ends
	 * it: the acknowledgement or error of the last request, or the end of its dump. Sequence numbers are those of
	 * `datagram`. Rejects with `LostReplies` when it cannot be known what the kernel did, and with whatever `onReply`
	 * throws.
	 */
	readonly exchange: (
		protocol: NetlinkProtocol,
		datagram: Uint8Array,
		lastSequence: number,
		onReply: (datagram: Uint8Array) => void,
	) => Promise<void>
	/** How many messages of one datagram may be answered each, with errors of their own; `SMALL_ROOM` where it is absent. */
	readonly room?: (protocol: NetlinkProtocol) => Promise<number>
	/**
	 * Listens to multicast groups until what it resolves with is called. Notices may get lost without a word. Rejects
	 * where this process cannot have any; `exchange` works all the same.
	 */
	readonly listen: (
		protocol: NetlinkProtocol,
		groups: readonly number[],
		listener: NoticeListener,
	) => Promise<() => void>
	readonly close: () => void
}

export interface NoticeListener {
	/** One datagram; what it says is a hint, not the truth. */
	readonly onNotice: (datagram: Uint8Array) => void
	/** No more notices will come. */
	readonly onEnd: (cause: unknown) => void
}

/** Replies got lost: the kernel may have done all, some or none of it. Read it again. */
export class LostReplies extends Error {
	override readonly name = 'LostReplies'
}

export interface ExecDoor {
	/** Runs one program; never rejects for an exit code. A program that is missing has the exit code 127. */
	readonly run: (program: string, args: readonly string[], stdin?: string) => Promise<ExecResult>
}

export interface ExecResult {
	readonly exitCode: number
	readonly stdout: string
	readonly stderr: string
}

/** Files below /proc and /sys, and our own in the runtime directory. */
export interface FilesDoor {
	/** Undefined when the file does not exist. */
	readonly read: (path: string) => Promise<string | undefined>
	/** The same, in pieces as the system gives them; nothing when the file does not exist. */
	readonly pieces: (path: string) => AsyncIterable<string>
	/** Rejects with the system's error. */
	readonly write: (path: string, text: string) => Promise<void>
	/** Makes the file, and its folder, with this text as a whole or not at all; rejects with the system's error. */
	readonly replace: (path: string, text: string) => Promise<void>
	/** Succeeds when there is no such file; else rejects with the system's error. */
	readonly remove: (path: string) => Promise<void>
}
