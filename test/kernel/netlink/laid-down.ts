import type {Encoded} from '../../../src/kernel/netlink/template.ts'

/** The bytes of one encoded message, laid down amid others. */
export const laidDown = (message: Encoded): Uint8Array => {
	const target = new Uint8Array(message.size + 64).fill(0xee)
	target.fill(0, 32, 32 + message.size)
	message.write(target, 32)
	return target.slice(32, 32 + message.size)
}
