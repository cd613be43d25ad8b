import {open} from 'node:fs/promises'
import type {NetlinkDoor} from '../../src/kernel/doors.ts'
import {sendInBatches} from '../../src/kernel/netlink/batch.ts'
import {putUint32} from '../../src/kernel/netlink/bytes.ts'
import type {NetlinkProtocol} from '../../src/kernel/netlink/constants.ts'
import {Sequence} from '../../src/kernel/netlink/sequence.ts'
import type {Encoded} from '../../src/kernel/netlink/template.ts'

/** Writes messages in the batches in which kube-lvs sends them, each behind its size, as `floor.c` reads them. */
export const writeDatagrams = async (
	path: string,
	protocol: NetlinkProtocol,
	messages: readonly Encoded[],
): Promise<void> => {
	const file = await open(path, 'w')
	const door: NetlinkDoor = {
		exchange: async (_, datagram) => {
			const size = new Uint8Array(4)
			putUint32(size, 0, datagram.length)
			await file.write(Buffer.concat([size, datagram]))
		},
		listen: async () => () => undefined,
		close: () => undefined,
	}
	try {
		await sendInBatches(door, protocol, messages, new Sequence())
	} finally {
		await file.close()
	}
}
