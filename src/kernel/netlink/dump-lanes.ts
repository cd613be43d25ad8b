import type {NetlinkProtocol} from './constants.ts'
import type {DirectSocket, openDirectSocket} from './direct-socket.ts'
import {DumpLine} from './dump-line.ts'

/** One for an audit, one for a sync meanwhile, and one for a look from outside. */
const MOST = 3

/** Several dumps at a time: a short one does not wait for the end of a long one. */
export class DumpLanes {
	readonly #open: () => DumpLine
	readonly #lanes: DumpLine[] = []

	constructor(protocol: NetlinkProtocol, openDirect: typeof openDirectSocket, otherwise: DirectSocket['dump']) {
		this.#open = () => new DumpLine(protocol, openDirect, otherwise)
	}

	dump(...request: Parameters<DirectSocket['dump']>): Promise<void> {
		return this.#freest().dump(...request)
	}

	close(): void {
		for (const lane of this.#lanes) {
			lane.close()
		}
	}

	#freest(): DumpLine {
		const idle = this.#lanes.find(({waiting}) => waiting === 0)
		if (idle) {
			return idle
		}
		const [freest] = this.#lanes.length < MOST ? [] : this.#lanes.toSorted((a, b) => a.waiting - b.waiting)
		if (freest) {
			return freest
		}
		const lane = this.#open()
		this.#lanes.push(lane)
		return lane
	}
}
