export type Protocol = 'tcp' | 'udp' | 'sctp'

/** IANA protocol numbers, as the kernel wants them. */
export const PROTOCOL_NUMBERS = {tcp: 6, udp: 17, sctp: 132} as const satisfies Record<Protocol, number>

const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const satisfies readonly Protocol[]

/** From Kubernetes (`TCP`) or LVS (`tcp`) spelling; undefined for any other text. */
export const parseProtocol = (text: string): Protocol | undefined => {
	const name = text.toLowerCase()
	// The one of the list, not a copy of it.
	return PROTOCOLS.find(protocol => protocol === name)
}

export const protocolFromNumber = (number: number): Protocol | undefined => {
	switch (number) {
		case PROTOCOL_NUMBERS.tcp:
			return 'tcp'
		case PROTOCOL_NUMBERS.udp:
			return 'udp'
		case PROTOCOL_NUMBERS.sctp:
			return 'sctp'
		default:
			return undefined
	}
}
