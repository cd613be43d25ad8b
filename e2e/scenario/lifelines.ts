import {isAnswer, type ProbeResult} from '../topology/answer.ts'
import {FAMILIES, type Host} from '../topology/hosts.ts'
import {probeMany} from '../topology/probe-many.ts'
import type {Topology} from '../topology/topology.ts'

/** What somebody must be able to reach, and who is to answer there. */
export interface Lifeline {
	readonly address: string
	readonly port: number
	readonly answers: string
}

/** `from` has to reach all of these. */
export interface Lifelines {
	readonly from: Host
	readonly to: readonly Lifeline[]
}

/** SCTP has rules of its own for link-local addresses. */
const PROTOCOLS = ['tcp', 'udp'] as const

/** Seconds: only where somebody does not answer they are waited for. */
const PATIENCE = 10

/** A line for each that is cut, over each protocol. */
export const cutLifelines = async (topology: Topology, all: readonly Lifelines[]): Promise<readonly string[]> => {
	const cut = await Promise.all(all.map(lines => cutFrom(topology, lines)))
	return cut.flat()
}

const cutFrom = async (topology: Topology, {from, to}: Lifelines): Promise<readonly string[]> => {
	const probes = to.flatMap(line => PROTOCOLS.map(protocol => ({...line, protocol})))
	const results = await probeMany(topology, from, probes, PATIENCE)
	return probes.flatMap(({address, port, protocol, answers}, at) => {
		const found = nameOf(results[at]?.[0])
		return found === answers
			? []
			: [`from ${from.name} to ${protocol} ${address} port ${port}: ${found}, not ${answers}`]
	})
}

const nameOf = (result: ProbeResult | undefined): string =>
	result === undefined ? 'nothing' : isAnswer(result) ? result.pod : result.error

/** The addresses of a host in both families, as lifelines to the server on it. */
export const linesTo = (host: Host, port: number): readonly Lifeline[] =>
	FAMILIES.map(family => ({address: host.addresses[family], port, answers: host.name}))
