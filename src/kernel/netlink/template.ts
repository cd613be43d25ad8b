import {NLA_F_NESTED, NLA_HEADER, NLMSG_HEADER} from './constants.ts'
import {align} from './message.ts'

/** One attribute of a message: fixed bytes, a slot that each message fills anew, or a nest of others. */
export type Field<Slot extends string> =
	| {readonly type: number; readonly bytes: Uint8Array}
	| {readonly type: number; readonly slot: Slot; readonly size: number}
	| {readonly type: number; readonly nest: readonly Field<Slot>[]}

export interface Layout<Slot extends string> {
	readonly type: number
	readonly flags: number
	/** The family header behind struct nlmsghdr. */
	readonly header: Uint8Array
	readonly fields: readonly Field<Slot>[]
}

/** One message with its slots filled in, ready to be laid down in a datagram. */
export interface Encoded {
	readonly size: number
	write(target: Uint8Array, at: number): void
}

/**
 * A message that is built once; each use copies it and patches its slots. Ten to thirty times faster than building it
 * attribute by attribute, which was most of the time of a large sync.
 */
export class Template<Slot extends string> {
	readonly bytes: Uint8Array
	/** Where the value of each slot begins. */
	readonly offsets: Readonly<Record<Slot, number>>

	constructor({type, flags, header, fields}: Layout<Slot>) {
		const offsets: Partial<Record<Slot, number>> = {}
		const size = NLMSG_HEADER + align(header.length) + sizeOf(fields)
		this.bytes = new Uint8Array(size)
		const view = new DataView(this.bytes.buffer)
		view.setUint32(0, size, true)
		view.setUint16(4, type, true)
		view.setUint16(6, flags, true)
		this.bytes.set(header, NLMSG_HEADER)
		layDown(this.bytes, NLMSG_HEADER + align(header.length), fields, offsets)
		this.offsets = offsets as Record<Slot, number>
	}

	/** A message whose slots `patch` fills; `base` is where the message begins in the target. */
	fill(patch: Patch<Slot>): Encoded {
		return new Filled(this, patch)
	}
}

type Patch<Slot extends string> = (target: Uint8Array, base: number, offsets: Readonly<Record<Slot, number>>) => void

/** There are tens of thousands of them at a time, so they have no functions of their own. */
class Filled<Slot extends string> implements Encoded {
	readonly size: number
	readonly #template: Template<Slot>
	readonly #patch: Patch<Slot>

	constructor(template: Template<Slot>, patch: Patch<Slot>) {
		this.size = template.bytes.length
		this.#template = template
		this.#patch = patch
	}

	write(target: Uint8Array, at: number): void {
		target.set(this.#template.bytes, at)
		this.#patch(target, at, this.#template.offsets)
	}
}

const valueSize = <Slot extends string>(field: Field<Slot>): number =>
	'bytes' in field ? field.bytes.length : 'slot' in field ? field.size : sizeOf(field.nest)

const sizeOf = <Slot extends string>(fields: readonly Field<Slot>[]): number =>
	fields.reduce((sum, field) => sum + align(NLA_HEADER + valueSize(field)), 0)

const layDown = <Slot extends string>(
	target: Uint8Array,
	start: number,
	fields: readonly Field<Slot>[],
	offsets: Partial<Record<Slot, number>>,
): void => {
	const view = new DataView(target.buffer)
	let at = start
	for (const field of fields) {
		const length = NLA_HEADER + valueSize(field)
		view.setUint16(at, length, true)
		view.setUint16(at + 2, 'nest' in field ? field.type | NLA_F_NESTED : field.type, true)
		if ('bytes' in field) {
			target.set(field.bytes, at + NLA_HEADER)
		} else if ('slot' in field) {
			offsets[field.slot] = at + NLA_HEADER
		} else {
			layDown(target, at + NLA_HEADER, field.nest, offsets)
		}
		at += align(length)
	}
}
