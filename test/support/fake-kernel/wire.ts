import {align} from '../../../src/kernel/netlink/message.ts'

/** Bytes of replies, as a kernel lays them down. */

export const bytes = (...parts: readonly (number | readonly number[] | Uint8Array)[]): Uint8Array => {
	const whole = new Uint8Array(
		parts.reduce<number>((sum, part) => sum + (typeof part === 'number' ? 1 : part.length), 0),
	)
	let at = 0
	for (const part of parts) {
		if (typeof part === 'number') {
			whole[at++] = part
		} else {
			whole.set(part, at)
			at += part.length
		}
	}
	return whole
}

export const u16 = (value: number): Uint8Array => bytes(value & 255, value >>> 8)
export const be16 = (value: number): Uint8Array => bytes(value >>> 8, value & 255)
export const u32 = (value: number): Uint8Array => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24)
export const u64 = (value: number): Uint8Array => bytes(u32(value % 2 ** 32), u32(Math.floor(value / 2 ** 32)))
export const be32 = (value: number): Uint8Array => u32(value).toReversed()
export const cstring = (value: string): Uint8Array => bytes(Buffer.from(value, 'latin1'), 0)

export const attribute = (type: number, value: Uint8Array): Uint8Array => {
	const whole = new Uint8Array(align(4 + value.length))
	whole.set(u16(4 + value.length))
	whole.set(u16(type), 2)
	whole.set(value, 4)
	return whole
}

export const nest = (type: number, ...children: readonly Uint8Array[]): Uint8Array =>
	attribute(type | 0x8000, bytes(...children))

export interface Header {
	readonly type: number
	readonly flags: number
	readonly sequence: number
}

export const message = ({type, flags, sequence}: Header, payload: Uint8Array): Uint8Array => {
	const whole = new Uint8Array(align(16 + payload.length))
	whole.set(bytes(u32(16 + payload.length), u16(type), u16(flags), u32(sequence), u32(4711)))
	whole.set(payload, 16)
	return whole
}

const NLMSG_ERROR = 2
const NLMSG_DONE = 3
const NLM_F_MULTI = 2
const NLM_F_CAPPED = 0x100

/** An error echoes the whole request; an acknowledgement only its header. */
export const errorReply = (errno: number, request: Header, payload: Uint8Array): Uint8Array => {
	const echo = message(request, payload)
	return message(
		{type: NLMSG_ERROR, flags: errno === 0 ? NLM_F_CAPPED : 0, sequence: request.sequence},
		bytes(new Uint8Array(Int32Array.of(-errno).buffer), errno === 0 ? echo.subarray(0, 16) : echo),
	)
}

/** The datagrams of a dump: some thirty messages each, and the end of it. */
export const dumpReplies = (type: number, sequence: number, payloads: readonly Uint8Array[]): readonly Uint8Array[] => {
	const messages = payloads.map(payload => message({type, flags: NLM_F_MULTI, sequence}, payload))
	const datagrams: Uint8Array[] = []
	for (let at = 0; at < messages.length; at += 30) {
		datagrams.push(bytes(...messages.slice(at, at + 30)))
	}
	return [...datagrams, message({type: NLMSG_DONE, flags: NLM_F_MULTI, sequence}, u32(0))]
}
