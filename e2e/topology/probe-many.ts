import {fileURLToPath} from 'node:url'
import type {ProbeResult} from './answer.ts'
import type {Host} from './hosts.ts'
import type {Place} from './place.ts'
import type {ProbeOptions} from './probe.ts'
import {takeSourcePorts} from './source-ports.ts'
import type {Topology} from './topology.ts'

const SCRIPT = fileURLToPath(new URL('probe-many.pl', import.meta.url))

export interface ManyTarget extends Omit<ProbeOptions, 'sourcePort' | 'timeoutMs'> {
	/** The connections come from this address of the host. */
	readonly source?: string | undefined
}

/**
 * Asks many targets at once from one process, each connection from a source port of its own, and waits for so many seconds
 * after the last question; results are in the order of the targets.
 */
export const probeMany = (
	topology: Topology,
	host: Host,
	targets: readonly ManyTarget[],
	seconds?: number,
): Promise<readonly (readonly ProbeResult[])[]> => probeManyFrom(topology.at(host), targets, seconds)

/** The same from anywhere. */
export const probeManyFrom = async (
	place: Place,
	targets: readonly ManyTarget[],
	seconds = 3,
): Promise<readonly (readonly ProbeResult[])[]> => {
	const lines = targets.map(({protocol = 'tcp', address, port, count = 1, source}, id) =>
		[id, protocol, address, port, count, ...(source ? [source] : [])].join(' '),
	)
	const sourcePort = takeSourcePorts(targets.reduce((sum, {count = 1}) => sum + count, 0))
	const {stdout} = await place.exec('perl', [SCRIPT, String(seconds), String(sourcePort)], {
		input: lines.join('\n'),
	})
	const results: ProbeResult[][] = targets.map(() => [])
	for (const line of stdout.split('\n')) {
		const [, id, result = ''] = /^(\d+) (.*)$/.exec(line) ?? []
		results[Number(id)]?.push(JSON.parse(result))
	}
	return results
}
