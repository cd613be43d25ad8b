import type {Family} from '../../net/address.ts'

// linux/socket.h; the same number in every subsystem.
const AF_INET = 2
const AF_INET6 = 10

export const familyNumber = (family: Family): number => (family === 'ipv4' ? AF_INET : AF_INET6)

/** Undefined for any other family. */
export const familyFromNumber = (number: number): Family | undefined =>
	number === AF_INET ? 'ipv4' : number === AF_INET6 ? 'ipv6' : undefined
