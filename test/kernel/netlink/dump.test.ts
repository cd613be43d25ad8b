import {expect} from 'chai'
import {LostReplies, type NetlinkDoor} from '../../../src/kernel/doors.ts'
import {isInDump, pickFromDump, request} from '../../../src/kernel/netlink/dump.ts'
import {decodeMessages, type NetlinkMessage} from '../../../src/kernel/netlink/message.ts'
import {Sequence} from '../../../src/kernel/netlink/sequence.ts'
import {Template} from '../../../src/kernel/netlink/template.ts'
import {bytes, dumpReplies, errorReply, message, u32} from '../../support/fake-kernel/wire.ts'

const ask = new Template<never>({type: 18, flags: 0x301, header: new Uint8Array(4), fields: []}).fill(() => undefined)
const [MULTI, INTERRUPTED, DONE] = [2, 0x10, 3]

type Answer = (sequence: number) => readonly Uint8Array[]

/** Answers the first request with the first answer, and so on; the last one stays. */
const doorOf = (...answers: readonly Answer[]) => {
	const asked: number[] = []
	const door: NetlinkDoor = {
		exchange: async (_, datagram, last, onReply) => {
			asked.push(decodeMessages(datagram)[0]?.sequence ?? -1)
			expect(last).to.equal(asked.at(-1))
			answers[Math.min(asked.length, answers.length) - 1]?.(last).forEach(onReply)
		},
		listen: async () => () => undefined,
		close: () => undefined,
	}
	return {door, asked}
}

const lost: Answer = () => {
	throw new LostReplies('lost')
}
const two: Answer = sequence => dumpReplies(16, sequence, [bytes(1), bytes(2)])
const disturbed: Answer = sequence => [
	message({type: 16, flags: MULTI | INTERRUPTED, sequence}, bytes(9)),
	...dumpReplies(16, sequence, []),
]

const dump = (door: NetlinkDoor) => request(door, 0, ask, new Sequence())

describe('a dump', () => {
	it('gives all messages without the end', async () => {
		const messages = await dump(doorOf(two).door)
		expect(messages.map(({payload}) => payload[0])).to.deep.equal([1, 2])
	})

	it('that was disturbed or lost is asked for again, under a new sequence number', async () => {
		const {door, asked} = doorOf(disturbed, lost, two)
		expect((await dump(door)).length).to.equal(2)
		expect(asked).to.deep.equal([1, 2, 3])
	})

	it('that is always disturbed is taken as it is after five tries', async () => {
		const {door, asked} = doorOf(disturbed)
		expect((await dump(door)).length).to.equal(1)
		expect(asked.length).to.equal(5)
	})

	it('that ends with EINTR was disturbed as well', async () => {
		const {door, asked} = doorOf(
			sequence => [
				message({type: 16, flags: MULTI, sequence}, bytes(1)),
				message({type: DONE, flags: MULTI, sequence}, u32(-4 >>> 0)),
			],
			two,
		)
		expect((await dump(door)).length).to.equal(2)
		expect(asked.length).to.equal(2)
	})

	it('keeps of each message what is picked from it, and of an earlier try nothing', async () => {
		const {door} = doorOf(disturbed, two)
		const picked = await pickFromDump({door, protocol: 0, sequence: new Sequence()}, ask, ({payload}) =>
			payload[0] === 1 ? undefined : payload[0],
		)
		expect(picked).to.deep.equal([2])
	})

	it('is looked through no further than to what is sought', async () => {
		for (const [sought, found, looks] of [
			[1, true, 1],
			[2, true, 2],
			[3, false, 2],
		] as const) {
			let seen = 0
			const isIt = ({payload}: NetlinkMessage) => {
				seen++
				return payload[0] === sought
			}
			const {door, asked} = doorOf(two)
			expect(await isInDump({door, protocol: 0, sequence: new Sequence()}, ask, isIt)).to.equal(found)
			expect([seen, asked.length]).to.deep.equal([looks, 1])
		}
	})

	it('that is always lost is given up after five tries', async () => {
		const {door, asked} = doorOf(lost)
		const error = await dump(door).catch((error: unknown) => error)
		expect(error).to.be.instanceOf(LostReplies)
		expect(asked.length).to.equal(5)
	})

	it('that the kernel refuses rejects with the errno', async () => {
		const refused = doorOf(sequence => [errorReply(1, {type: 18, flags: 0, sequence}, new Uint8Array())])
		expect(await dump(refused.door).catch((error: unknown) => error)).to.have.property('code', 'EPERM')
	})

	it('that fails half-way rejects with the errno of its end', async () => {
		const half = doorOf(sequence => [
			message({type: 16, flags: MULTI, sequence}, bytes(1)),
			message({type: DONE, flags: MULTI, sequence}, u32(-12 >>> 0)),
		])
		expect(await dump(half.door).catch((error: unknown) => error)).to.have.property('code', 'ENOMEM')
	})

	it('pays no heed to what was meant for another request', async () => {
		const mixed = doorOf(sequence => [...dumpReplies(16, sequence + 1000, [bytes(7)]), ...two(sequence)])
		expect((await dump(mixed.door)).length).to.equal(2)
	})
})
