import {expect} from 'chai'
import {systemClock} from '../../../src/clock.ts'
import {LostReplies, type NetlinkDoor} from '../../../src/kernel/doors.ts'
import {NETLINK_ROUTE, NLM_F_DUMP, NLM_F_REQUEST} from '../../../src/kernel/netlink/constants.ts'
import {type DirectSocket, openDirectSocket} from '../../../src/kernel/netlink/direct-socket.ts'
import {request} from '../../../src/kernel/netlink/dump.ts'
import {Sequence} from '../../../src/kernel/netlink/sequence.ts'
import {openNetlink} from '../../../src/kernel/netlink/socket.ts'
import {Template} from '../../../src/kernel/netlink/template.ts'

// linux/rtnetlink.h
const [RTM_GETLINK, RTM_GETROUTE] = [18, 26]

const ask = (type: number) =>
	new Template<never>({type, flags: NLM_F_REQUEST | NLM_F_DUMP, header: new Uint8Array(16), fields: []}).fill(
		() => undefined,
	)

const dump = async (door: NetlinkDoor, type = RTM_GETLINK): Promise<readonly string[]> => {
	const messages = await request(door, NETLINK_ROUTE, ask(type), new Sequence())
	return messages.map(({payload}) => Buffer.from(payload).toString('hex'))
}

/** The same as this process opens, with a count of the dumps that went through it. */
const counted = () => {
	const counts = {opened: 0, dumps: 0}
	const open = async (): Promise<DirectSocket | undefined> => {
		const socket = await openDirectSocket(NETLINK_ROUTE)
		counts.opened++
		return (
			socket && {
				dump: (...call) => {
					counts.dumps++
					return socket.dump(...call)
				},
				close: () => socket.close(),
			}
		)
	}
	return {counts, open}
}

describe('a socket for dumps', () => {
	const doors: NetlinkDoor[] = []
	const openDoor = (open?: typeof openDirectSocket): NetlinkDoor => {
		const door = openNetlink(systemClock, open)
		doors.push(door)
		return door
	}

	afterEach(() => {
		for (const door of doors.splice(0)) {
			door.close()
		}
	})

	it('gives what the other socket gives, from one to the next', async () => {
		const {counts, open} = counted()
		const [direct, other] = [openDoor(open), openDoor(async () => undefined)]
		for (const type of [RTM_GETLINK, RTM_GETROUTE, RTM_GETLINK]) {
			const found = await dump(direct, type)
			expect(found.length).to.be.above(0)
			expect(found).to.deep.equal(await dump(other, type))
		}
		expect(counts).to.deep.equal({opened: 1, dumps: 3})
	})

	it('lets others have their turn through many dumps', async () => {
		const door = openDoor()
		let turns = 0
		let isOn = true
		const turn = () => {
			turns++
			if (isOn) {
				setImmediate(turn)
			}
		}
		setImmediate(turn)
		await dump(door)
		const before = turns
		for (let at = 0; at < 1000; at++) {
			await dump(door)
		}
		isOn = false
		// At least 20 bytes each, and what every datagram counts for besides.
		expect(turns - before).to.be.above(5)
	})

	it('hands on the error of the kernel, and goes on', async () => {
		const {counts, open} = counted()
		const door = openDoor(open)
		// No such type.
		expect(await dump(door, 0x3fe).catch((error: unknown) => error)).to.have.property('code', 'ENOTSUP')
		expect((await dump(door)).length).to.be.above(0)
		expect(counts).to.deep.equal({opened: 1, dumps: 2})
	})

	it('is opened anew where an answer was not to be understood, as the rest of it is still to come', async () => {
		const {counts, open} = counted()
		const door = openDoor(open)
		const datagram = new Uint8Array(ask(RTM_GETLINK).size)
		ask(RTM_GETLINK).write(datagram, 0)
		const failed = door.exchange(NETLINK_ROUTE, datagram, 0, () => {
			throw new Error('not understood')
		})
		expect(await failed.catch((error: Error) => error.message)).to.equal('not understood')
		expect((await dump(door)).length).to.be.above(0)
		expect(counts).to.deep.equal({opened: 2, dumps: 2})
	})

	it('that loses answers is not used again', async () => {
		let tries = 0
		const door = openDoor(async () => ({
			dump: async () => {
				tries++
				throw new LostReplies('lost')
			},
			close: () => undefined,
		}))
		expect((await dump(door)).length).to.be.above(0)
		await dump(door)
		expect(tries).to.equal(1)
	})

	it('says that answers are lost when it is closed meanwhile', async () => {
		const socket = await openDirectSocket(NETLINK_ROUTE)
		socket?.close()
		const error = await socket?.dump(new Uint8Array(16), 0, () => undefined).catch((error: unknown) => error)
		expect(error).to.be.instanceOf(LostReplies)
	})
})
