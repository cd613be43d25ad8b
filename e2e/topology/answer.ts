/** What an echo server says: who it is, and what it sees of the asker. */
export interface Answer {
	readonly pod: string
	readonly client: string
	readonly clientPort: number
	readonly server: string
	readonly serverPort: number
	readonly protocol: Transport
}

export interface Failure {
	readonly error: 'refused' | 'timeout' | 'reset' | 'unreachable' | 'closed' | (string & {})
}

export type ProbeResult = Answer | Failure
export type Transport = 'tcp' | 'udp' | 'sctp'

export const TRANSPORTS = ['tcp', 'udp', 'sctp'] as const satisfies readonly Transport[]

export const isAnswer = (result: ProbeResult): result is Answer => 'pod' in result

/** How often each pod answered; failures count under their word, so that an unexpected one shows in a comparison. */
export const tally = (results: readonly ProbeResult[]): Readonly<Record<string, number>> => {
	const counts: Record<string, number> = {}
	for (const result of results) {
		const key = isAnswer(result) ? result.pod : result.error
		counts[key] = (counts[key] ?? 0) + 1
	}
	return counts
}
