import {type Clock, sleep} from '../../clock.ts'
import type {Address} from '../../net/address.ts'
import {VIP_DEVICE} from '../../state/addresses.ts'
import type {NetlinkDoor} from '../doors.ts'
import {NETLINK_ROUTE} from '../netlink/constants.ts'
import {decodeMessages, type NetlinkMessage} from '../netlink/message.ts'
import * as k from './constants.ts'
import {decodeLink, decodeLinkAddress, type Link} from './decode.ts'

/**
 * What somebody changed: the addresses or interfaces of the node; our own device, which was set down or deleted; or an
 * address that was on our device and is gone. What we do ourselves is echoed as well.
 */
export type AddressChange = 'host' | 'device' | Address

/** Milliseconds for which changes are gathered, from the first one on. */
const GATHERING = 50

/** Milliseconds until notices that ended are asked for again. */
const RETRY = 5000

/**
 * Calls back soon after each change. Notices may get lost, and what they say is not trusted: they only tell that it is
 * time to look. It begins with the interfaces that are there, so that a change of one is told from a repetition.
 */
export class AddressWatch {
	readonly #door: NetlinkDoor
	readonly #clock: Clock
	readonly #onChange: (change: AddressChange) => void
	readonly #stopped = new AbortController()
	readonly #gathered = new Set<AddressChange>()
	#interfaces = new Map<number, Link>()
	#stopListening: (() => void) | undefined

	constructor(door: NetlinkDoor, clock: Clock, onChange: (change: AddressChange) => void) {
		this.#door = door
		this.#clock = clock
		this.#onChange = onChange
	}

	/** Rejects where this process can have no notices. */
	async start(readLinks: () => Promise<readonly Link[]>): Promise<void> {
		const stop = await this.#door.listen(NETLINK_ROUTE, k.ADDRESS_GROUPS, {
			onNotice: datagram => this.#takeNotice(datagram),
			onEnd: () => this.#again(readLinks),
		})
		this.#stopListening = stop
		if (this.#stopped.signal.aborted) {
			stop()
			return
		}
		try {
			this.#interfaces = new Map((await readLinks()).map(link => [link.index, link]))
		} catch (error) {
			stop()
			throw error
		}
	}

	stop(): void {
		this.#stopped.abort()
		this.#stopListening?.()
	}

	async #again(readLinks: () => Promise<readonly Link[]>): Promise<void> {
		await sleep(this.#clock, RETRY, this.#stopped.signal)
		if (this.#stopped.signal.aborted) {
			return
		}
		this.#note('host')
		this.#note('device')
		await this.start(readLinks).catch(() => this.#again(readLinks))
	}

	#takeNotice(datagram: Uint8Array): void {
		for (const message of decodeMessages(datagram)) {
			this.#note(this.#changeOf(message))
		}
	}

	#note(change: AddressChange | undefined): void {
		if (!change) {
			return
		}
		if (this.#gathered.size === 0) {
			this.#clock.after(GATHERING, () => this.#tell())
		}
		this.#gathered.add(change)
	}

	#tell(): void {
		const changes = [...this.#gathered]
		this.#gathered.clear()
		if (!this.#stopped.signal.aborted) {
			changes.forEach(this.#onChange)
		}
	}

	#changeOf({type, payload}: NetlinkMessage): AddressChange | undefined {
		switch (type) {
			case k.RTM_NEWLINK:
			case k.RTM_DELLINK:
				// Bridges tell of their ports under the same types, with their own family.
				return payload[0] === 0 ? this.#changeOfLink(type, decodeLink(payload)) : undefined
			case k.RTM_NEWADDR:
			case k.RTM_DELADDR: {
				const isOurs = this.#interfaces.get(interfaceOf(payload))?.name === VIP_DEVICE
				const lost = type === k.RTM_DELADDR ? decodeLinkAddress(payload)?.address : undefined
				return isOurs ? lost : 'host'
			}
			default:
				return undefined
		}
	}

	#changeOfLink(type: number, link: Link): AddressChange | undefined {
		const known = this.#interfaces.get(link.index)
		const isGone = type === k.RTM_DELLINK
		isGone ? this.#interfaces.delete(link.index) : this.#interfaces.set(link.index, link)
		if (link.name === VIP_DEVICE) {
			return isGone || (known?.isUp && !link.isUp) ? 'device' : undefined
		}
		return isGone || known?.name !== link.name || known.isUp !== link.isUp ? 'host' : undefined
	}
}

/** The index in struct ifaddrmsg; 0, which no interface has, of a message that is too short. */
const interfaceOf = (payload: Uint8Array): number =>
	payload.length < 8 ? 0 : new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getUint32(4, true)
