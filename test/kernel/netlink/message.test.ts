import {expect} from 'chai'
import fc from 'fast-check'
import {isDump, isLast} from '../../../src/kernel/netlink/message.ts'
import {dumpReplies, errorReply, message, u32} from '../../support/fake-kernel/wire.ts'

const [ACK, DUMP, MULTI] = [0x4, 0x300, 0x2]

describe('the end of an answer', () => {
	const part = message({type: 16, flags: MULTI, sequence: 7}, u32(1))
	const end = dumpReplies(16, 7, []).at(-1) ?? part

	it('is the end of a dump, wherever it stands', () => {
		expect(isLast(part, 7)).to.equal(false)
		expect(isLast(end, 7)).to.equal(true)
		expect(isLast(new Uint8Array([...part, ...part, ...end]), 7)).to.equal(true)
	})

	it('is an acknowledgement, an error, or one message that is no part of several', () => {
		for (const errno of [0, 2]) {
			expect(isLast(errorReply(errno, {type: 18, flags: 0, sequence: 7}, u32(1)), 7)).to.equal(true)
		}
		expect(isLast(message({type: 16, flags: 0, sequence: 7}, u32(1)), 7)).to.equal(true)
	})

	it('is not that of another request', () => {
		fc.assert(
			fc.property(fc.nat(), fc.nat(), (sequence, other) => {
				expect(isLast(message({type: 3, flags: MULTI, sequence}, u32(0)), other)).to.equal(sequence === other)
			}),
		)
	})
})

describe('a request for a dump', () => {
	it('is told by its flags', () => {
		const request = (flags: number) => isDump(message({type: 20, flags, sequence: 1}, new Uint8Array()))
		expect([DUMP | 1, 1, ACK | 1, 0x600 | 1, 0x200, 0x100].map(request)).to.deep.equal([
			true,
			...new Array(5).fill(false),
		])
	})
})
