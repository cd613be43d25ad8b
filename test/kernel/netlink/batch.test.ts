import {expect} from 'chai'
import fc from 'fast-check'
import {LostReplies, type NetlinkDoor} from '../../../src/kernel/doors.ts'
import {BYTES_PER_MESSAGE, SMALL_ROOM, sendInBatches} from '../../../src/kernel/netlink/batch.ts'
import {decodeMessages, type NetlinkMessage} from '../../../src/kernel/netlink/message.ts'
import {Sequence} from '../../../src/kernel/netlink/sequence.ts'
import {Template} from '../../../src/kernel/netlink/template.ts'
import {errorReply} from '../../support/fake-kernel/wire.ts'

const ACK = 4
const MAX_BYTES = SMALL_ROOM * BYTES_PER_MESSAGE

/** Messages of so many bytes of payload. */
const messageOf = (size: number) =>
	new Template<never>({type: 99, flags: 1, header: new Uint8Array(size), fields: []}).fill(() => undefined)

/** Fails the messages whose place in the whole run is in `errnos`; loses the answers to the sends in `lost`. */
const doorOf = (errnos: ReadonlyMap<number, number>, lost: ReadonlySet<number> = new Set()) => {
	const sends: (readonly NetlinkMessage[])[] = []
	let place = 0
	const door: NetlinkDoor = {
		exchange: async (_, datagram, _last, onReply) => {
			const requests = decodeMessages(datagram)
			sends.push(requests)
			const replies = requests.flatMap(request => {
				const errno = errnos.get(place++) ?? 0
				return errno || request.flags & ACK ? [errorReply(errno, request, request.payload)] : []
			})
			if (lost.has(sends.length - 1)) {
				throw new LostReplies('lost')
			}
			replies.forEach(onReply)
		},
		listen: async () => () => undefined,
		close: () => undefined,
	}
	return {door, sends}
}

const run = (door: NetlinkDoor, sizes: readonly number[], sequence = new Sequence()) =>
	sendInBatches(door, 0, sizes.map(messageOf), sequence)

describe('batches', () => {
	it('keep to their bounds, and ask for an acknowledgement on the last message only', async () => {
		const sizes = fc.array(fc.integer({min: 0, max: 2000}), {maxLength: 500})
		await fc.assert(
			fc.asyncProperty(sizes, async given => {
				const {door, sends} = doorOf(new Map())
				expect(await run(door, given)).to.deep.equal(given.map(() => 0))
				for (const send of sends) {
					expect(send.length).to.be.within(1, SMALL_ROOM)
					expect(send.reduce((sum, {payload}) => sum + 16 + payload.length, 0)).to.be.at.most(MAX_BYTES)
					expect(send.map(({flags}) => (flags & ACK) !== 0)).to.deep.equal(send.map((_, at) => at === send.length - 1))
				}
				expect(sends.flat().map(({sequence}) => sequence)).to.deep.equal(given.map((_, at) => at + 1))
			}),
			{numRuns: 30},
		)
	})

	it('give each message its own errno, wherever in the run it fails', async () => {
		const errnos = fc.array(fc.constantFrom(0, 0, 0, 2, 17), {minLength: 1, maxLength: 700})
		await fc.assert(
			fc.asyncProperty(errnos, async expected => {
				const {door} = doorOf(new Map(expected.map((errno, at) => [at, errno])))
				expect(
					await run(
						door,
						expected.map(() => 40),
					),
				).to.deep.equal(expected)
			}),
			{numRuns: 30},
		)
	})

	it('say of a batch whose answer was lost that nothing is known, and go on', async () => {
		const {door} = doorOf(new Map([[450, 2]]), new Set([1]))
		const results = await run(door, new Array<number>(500).fill(20))
		expect(results.slice(0, 200)).to.deep.equal(new Array(200).fill(0))
		expect(results.slice(200, 400)).to.deep.equal(new Array(200).fill('lost'))
		expect(results.indexOf(2)).to.equal(450)
	})

	it('send nothing for no messages', async () => {
		const {door, sends} = doorOf(new Map())
		expect(await run(door, [])).to.deep.equal([])
		expect(sends).to.deep.equal([])
	})

	it('pay no heed to replies of an earlier run', async () => {
		const {door} = doorOf(new Map())
		const stale: NetlinkDoor = {
			...door,
			exchange: (protocol, datagram, last, onReply) => {
				onReply(errorReply(1, {type: 1, flags: 0, sequence: 1}, new Uint8Array()))
				return door.exchange(protocol, datagram, last, onReply)
			},
		}
		const sequence = new Sequence()
		sequence.next()
		expect(await run(stale, [1, 2], sequence)).to.deep.equal([0, 0])
	})

	it('refuse a message that is too large for any batch', async () => {
		const {door} = doorOf(new Map())
		expect(await run(door, [MAX_BYTES]).catch((error: unknown) => error)).to.be.instanceOf(RangeError)
	})
})
