import type {ExecResult} from '../../../src/kernel/doors.ts'
import {type Command, ERRNO, type Errno} from './uapi.ts'

/** One request as it reached the kernel. */
export interface Request {
	readonly command: Command
	readonly payload: Uint8Array
}

/** What shall go wrong. */
export type Fault =
	| {readonly kind: 'errno'; readonly errno: Errno; readonly command?: Command}
	/** Answers with this errno, or undefined for requests that shall pass. */
	| {readonly kind: 'request'; readonly choose: (request: Request) => Errno | undefined}
	| {readonly kind: 'exec'; readonly program: string; readonly exitCode: number; readonly stderr: string}
	| {readonly kind: 'write'; readonly path: string; readonly code: string}

/** Faults on demand; each is used up after as many hits as it was given. */
export class Faults {
	#toLose = 0
	#planned: {readonly fault: Fault; left: number}[] = []

	plan(fault: Fault, times: number): void {
		this.#planned.push({fault, left: times})
	}

	/** Nothing fails any more. */
	clear(): void {
		this.#planned = []
		this.#toLose = 0
	}

	/** The next exchanges over netlink are half done and then get no answer. */
	loseReplies(count: number): void {
		this.#toLose += count
	}

	/** Whether the replies to this exchange get lost. */
	takeLoss(): boolean {
		const isLost = this.#toLose > 0
		this.#toLose -= isLost ? 1 : 0
		return isLost
	}

	/** The errno for a netlink request, 0 when it shall pass. */
	errnoFor(request: Request): number {
		const name = this.#take(fault => {
			if (fault.kind === 'request') {
				return fault.choose(request)
			}
			return fault.kind === 'errno' && (fault.command ?? request.command) === request.command ? fault.errno : undefined
		})
		return name === undefined ? 0 : ERRNO[name]
	}

	execFor(program: string): ExecResult | undefined {
		return this.#take(fault =>
			fault.kind === 'exec' && fault.program === program
				? {exitCode: fault.exitCode, stdout: '', stderr: fault.stderr}
				: undefined,
		)
	}

	/** The error code for a write to a file. */
	writeFor(path: string): string | undefined {
		return this.#take(fault => (fault.kind === 'write' && fault.path === path ? fault.code : undefined))
	}

	#take<Hit>(match: (fault: Fault) => Hit | undefined): Hit | undefined {
		for (const planned of this.#planned) {
			const hit = planned.left > 0 ? match(planned.fault) : undefined
			if (hit !== undefined) {
				planned.left -= 1
				return hit
			}
		}
		return undefined
	}
}
