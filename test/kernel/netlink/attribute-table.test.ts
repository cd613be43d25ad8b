import {expect} from 'chai'
import fc from 'fast-check'
import {AttributeTable} from '../../../src/kernel/netlink/attribute-table.ts'
import {bytesOf, decodeAttributes, portOf, uint16Of, uint32Of} from '../../../src/kernel/netlink/attributes.ts'
import {DecodeError} from '../../../src/kernel/netlink/decode-error.ts'

const TYPES = 32

const anyAttributes = fc
	.array(fc.tuple(fc.nat(TYPES + 2), fc.uint8Array({maxLength: 9})), {maxLength: 8})
	.map(attributes =>
		attributes.flatMap(([type, value]) => [
			...[4 + value.length, 0, type, 0],
			...value,
			...new Array<number>((4 - (value.length % 4)) % 4).fill(0),
		]),
	)
	.map(numbers => Uint8Array.from(numbers))

/** What comes of it, or that it is no such thing. */
const outcome = <Value>(read: () => Value): Value | 'DecodeError' => {
	try {
		return read()
	} catch (error) {
		expect(error).to.be.instanceOf(DecodeError)
		return 'DecodeError'
	}
}

describe('a table of attributes', () => {
	// One table for all, so that what is left of the last message would be found.
	const table = new AttributeTable()

	it('has numbers of 4 and of 8 bytes', () => {
		fc.assert(
			fc.property(fc.nat({max: 0xffff_ffff}), fc.nat({max: 0x1f_ffff}), (low, high) => {
				const bytes = Buffer.alloc(20)
				bytes.set([8, 0, 1, 0])
				bytes.writeUInt32LE(low, 4)
				bytes.set([12, 0, 2, 0], 8)
				bytes.writeUInt32LE(low, 12)
				bytes.writeUInt32LE(high, 16)
				table.read(bytes)
				expect([table.number(1), table.number(2)]).to.deep.equal([low, low + high * 2 ** 32])
			}),
		)
	})

	it('has the same in it as objects would', () => {
		fc.assert(
			fc.property(anyAttributes, bytes => {
				const attributes = decodeAttributes(bytes)
				table.read(bytes)
				for (let type = 0; type < TYPES; type++) {
					expect(table.has(type)).to.equal(attributes.has(type))
					expect([
						outcome(() => table.uint8(type)),
						outcome(() => table.uint16(type)),
						outcome(() => table.uint32(type)),
						outcome(() => table.port(type)),
						outcome(() => [...table.bytes(type, 4)]),
					]).to.deep.equal([
						outcome(() => bytesOf(attributes, type, 1)[0]),
						outcome(() => uint16Of(attributes, type)),
						outcome(() => uint32Of(attributes, type)),
						outcome(() => portOf(attributes, type)),
						outcome(() => [...bytesOf(attributes, type, 4).subarray(0, 4)]),
					])
				}
			}),
		)
	})

	it('reads a nest, and a part of a message', () => {
		const inner = [...[8, 0, 2, 0], ...[1, 2, 3, 4]]
		const bytes = Uint8Array.from([...[9, 9, 9, 9], ...[4 + inner.length, 0, 1, 0], ...inner])
		table.read(bytes, 4)
		table.readNested(1)
		expect([table.has(1), table.uint32(2)]).to.deep.equal([false, 0x04030201])
	})

	it('takes no other bytes than decodeAttributes does', () => {
		fc.assert(
			fc.property(fc.uint8Array({maxLength: 40}), bytes => {
				const isTaken = (read: () => unknown) => outcome(read) !== 'DecodeError'
				expect(isTaken(() => table.read(bytes))).to.equal(isTaken(() => decodeAttributes(bytes)))
			}),
		)
	})
})
