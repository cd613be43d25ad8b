import {LostReplies} from '../doors.ts'
import type {NetlinkProtocol} from './constants.ts'
import type {DirectSocket, openDirectSocket} from './direct-socket.ts'
import {Turns} from './turns.ts'

/** One dump at a time, on a socket of their own where there can be one. */
export class DumpLine {
	readonly #protocol: NetlinkProtocol
	readonly #openDirect: typeof openDirectSocket
	readonly #otherwise: Dump
	readonly #turns = new Turns()
	#direct: DirectSocket | 'none' | undefined
	/** Dumps that have not ended yet. */
	waiting = 0

	/** Dumps go `otherwise` where there is no direct socket. */
	constructor(protocol: NetlinkProtocol, openDirect: typeof openDirectSocket, otherwise: Dump) {
		this.#protocol = protocol
		this.#openDirect = openDirect
		this.#otherwise = otherwise
	}

	async dump(...request: Parameters<Dump>): Promise<void> {
		this.waiting++
		try {
			await this.#turns.take(async () => {
				this.#direct ??= (await this.#openDirect(this.#protocol)) ?? 'none'
				await (this.#direct === 'none' ? this.#otherwise(...request) : this.#dumpBy(this.#direct, request))
			})
		} finally {
			this.waiting--
		}
	}

	close(): void {
		if (this.#direct !== 'none') {
			this.#direct?.close()
			this.#direct = undefined
		}
	}

	/** Where it does not work as it should, the other socket has to do from now on. */
	async #dumpBy(direct: DirectSocket, request: Parameters<Dump>): Promise<void> {
		try {
			await direct.dump(...request)
		} catch (error) {
			direct.close()
			this.#direct = error instanceof LostReplies ? 'none' : undefined
			throw error
		}
	}
}

type Dump = DirectSocket['dump']
