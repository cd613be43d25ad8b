import {readdirSync, readFileSync, readlinkSync} from 'node:fs'
import {openCLibrary} from '../c-library.ts'

// asm-generic/socket.h, linux/netlink.h
const SOL_SOCKET = 1
const SO_SNDBUFFORCE = 32
const SO_RCVBUFFORCE = 33
const SOL_NETLINK = 270
const NETLINK_NO_ENOBUFS = 5

/** Bytes; the kernel doubles it for its own needs. Enough for some thousand notices. */
const RECEIVE_BUFFER = 1 << 20

/**
 * Makes a socket that nobody waits on drop what its receive buffer cannot hold, without a word: the `netlink` package
 * aborts the process when the kernel tells. For notices only; a command must hear of lost replies. Throws where the
 * options cannot be set.
 */
export const dropOverflow = async (port: number): Promise<void> => {
	const {func, errno} = await openCLibrary()
	const setsockopt = func(SETSOCKOPT)
	const descriptor = descriptorOf(port)
	if (setsockopt(descriptor, SOL_NETLINK, NETLINK_NO_ENOBUFS, [1], 4) !== 0) {
		throw new Error(`setsockopt NETLINK_NO_ENOBUFS: errno ${errno()}`)
	}
	// Without the right to a larger buffer the usual one does.
	setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, [RECEIVE_BUFFER], 4)
}

/** Bytes. The kernel doubles it; then it holds some thousand errors. */
const LARGE_BUFFER = 1 << 21

/** As many answers as fit with a good margin. */
const LARGE_ROOM = 1000

/**
 * Makes room for the answers to a large batch: of small ones, the way to the kernel and back costs more than what is in
 * them. Resolves with how many messages one may have; undefined where the buffers stay as they are.
 */
export const enlargeBuffers = async (port: number): Promise<number | undefined> => {
	try {
		const {func} = await openCLibrary()
		const setsockopt = func(SETSOCKOPT)
		const descriptor = descriptorOf(port)
		const isLarge = [SO_SNDBUFFORCE, SO_RCVBUFFORCE].every(
			option => setsockopt(descriptor, SOL_SOCKET, option, [LARGE_BUFFER], 4) === 0,
		)
		return isLarge ? LARGE_ROOM : undefined
	} catch {
		return undefined
	}
}

const SETSOCKOPT = 'int setsockopt(int, int, int, const int *, unsigned int)'

/** The package does not tell the descriptor of its socket; the kernel does, by way of the inode. */
const descriptorOf = (port: number): number => {
	const rows = readFileSync('/proc/net/netlink', 'latin1')
		.split('\n')
		.map(line => line.trim().split(/\s+/))
	const inodes = new Set(rows.filter(([, , owner]) => Number(owner) === port).map(row => `socket:[${row.at(-1)}]`))
	const descriptor = readdirSync('/proc/self/fd').find(name => inodes.has(linkOf(name)))
	if (descriptor === undefined) {
		throw new Error('the descriptor of a netlink socket cannot be found')
	}
	return Number(descriptor)
}

/** The descriptor by which the folder was read is gone by now. */
const linkOf = (name: string): string => {
	try {
		return readlinkSync(`/proc/self/fd/${name}`)
	} catch {
		return ''
	}
}
