import {type Address, addressToBytes, familyOf} from '../../../src/net/address.ts'
import type {FakeLink} from './fake-links.ts'
import {attribute, bytes, cstring, u16, u32} from './wire.ts'

const [AF_INET, AF_INET6] = [2, 10] as const
const numberOf = (address: Address): number => (familyOf(address) === 'ipv4' ? AF_INET : AF_INET6)
const bytesOf = (address: Address): Uint8Array => Uint8Array.from(addressToBytes(address))

/** struct ifinfomsg with name, MTU and kind. */
export const writeLink = ({index, isUp, name, kind = 'dummy', mtu = 1500}: FakeLink): Uint8Array =>
	bytes(
		...[u16(0), u16(1), u32(index), u32(isUp ? 0x41 : 0), u32(0)],
		...[attribute(3, cstring(name)), attribute(4, u32(mtu)), attribute(18, attribute(1, cstring(kind)))],
	)

export const writeAddresses = (link: FakeLink): readonly Uint8Array[] =>
	[...link.addresses].map(([address, length]) => writeAddress(link, address, length))

/** struct ifaddrmsg; IPv6 has no IFA_LOCAL, and loopback and link-local addresses have a narrow scope. */
export const writeAddress = (
	{index, name}: Pick<FakeLink, 'index' | 'name'>,
	address: Address,
	length: number,
): Uint8Array =>
	bytes(
		[numberOf(address), length, 0x80, scopeOf(address)],
		u32(index),
		attribute(1, bytesOf(address)),
		...(familyOf(address) === 'ipv4' ? [attribute(2, bytesOf(address)), attribute(3, cstring(name))] : []),
	)

const scopeOf = (address: Address): number =>
	address.startsWith('127.') || address === '::1' ? 254 : /^fe[89ab]/.test(address) ? 253 : 0

/** Table local: one route of the kernel's for each address, and those that were made. */
export const writeRoutes = ({index, addresses, routes}: FakeLink): readonly Uint8Array[] => [
	...[...addresses.keys()].map(address => writeRoute(index, address, BY_KERNEL)),
	...[...routes].map(address => writeRoute(index, address, 76)),
]

const BY_KERNEL = 2

const writeRoute = (index: number, address: Address, protocol: number): Uint8Array => {
	const destination = bytesOf(address)
	const scope = familyOf(address) === 'ipv4' ? 254 : 0
	return bytes(
		[numberOf(address), destination.length * 8, 0, 0, 255, protocol, scope, 2],
		u32(0),
		attribute(15, u32(255)),
		attribute(1, destination),
		attribute(4, u32(index)),
	)
}
