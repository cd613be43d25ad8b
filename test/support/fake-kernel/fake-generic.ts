import {decodeAttributes, textOf} from '../../../src/kernel/netlink/attributes.ts'
import type {FakeIpvs} from './fake-ipvs.ts'
import type {Answer} from './fake-netlink.ts'
import {type Command, ERRNO, IPVS_FAMILY} from './uapi.ts'
import {attribute, bytes, cstring, u16, u32} from './wire.ts'

const NLCTRL = 16
const [FAMILY_ID, FAMILY_NAME, VERSION] = [1, 2, 3] as const

/** Generic netlink: the number of the family IPVS, and its commands. */
export class FakeGeneric {
	readonly #ipvs: FakeIpvs

	constructor(ipvs: FakeIpvs) {
		this.#ipvs = ipvs
	}

	readonly handle = (command: Command, payload: Uint8Array): Answer => {
		if (!this.#ipvs.isLoaded) {
			return ERRNO.ENOENT
		}
		if (command !== 'get-family') {
			return this.#ipvs.handle(command, payload)
		}
		const asked = decodeAttributes(payload.subarray(4))
		if (textOf(asked, FAMILY_NAME) !== 'IPVS') {
			return ERRNO.ENOENT
		}
		const family = [
			attribute(FAMILY_NAME, cstring('IPVS')),
			attribute(FAMILY_ID, u16(IPVS_FAMILY)),
			attribute(VERSION, u32(1)),
		]
		return {type: NLCTRL, payloads: [bytes([1, 2, 0, 0], ...family)]}
	}
}
