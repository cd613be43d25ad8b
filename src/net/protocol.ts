export type Protocol = 'tcp' | 'udp' | 'sctp'

/** IANA protocol numbers, as the kernel wants them. */
export const PROTOCOL_NUMBERS = {tcp: 6, udp: 17, sctp: 132} as const satisfies Record<Protocol, number>

/** From Kubernetes (`TCP`) or LVS (`tcp`) spelling; undefined for any other text. */
export const parseProtocol = (text: string): Protocol | undefined => {
	const name = text.toLowerCase()
	return name === 'tcp' || name === 'udp' || name === 'sctp' ? name : undefined
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
