import {fileURLToPath} from 'node:url'
import type {ProbeResult} from './answer.ts'
import type {Host} from './hosts.ts'
import type {ProbeOptions} from './probe.ts'
import type {Topology} from './topology.ts'

const SCRIPT = fileURLToPath(new URL('probe-many.pl', import.meta.url))

export interface ManyTarget extends Omit<ProbeOptions, 'sourcePort' | 'timeoutMs'> {
	/** The connections come from this address of the host. */
	readonly source?: string | undefined
}

/** Asks many targets at once from one process; `seconds` begin when the last one was asked. */
export const probeMany = async (
	topology: Topology,
	host: Host,
	targets: readonly ManyTarget[],
	seconds = 3,
): Promise<readonly (readonly ProbeResult[])[]> => {
	const lines = targets.map(({protocol = 'tcp', address, port, count = 1, source}, id) =>
		[id, protocol, address, port, count, ...(source ? [source] : [])].join(' '),
	)
	const {stdout} = await topology.exec(host, 'perl', [SCRIPT, String(seconds)], {input: lines.join('\n')})
	const results: ProbeResult[][] = targets.map(() => [])
	for (const line of stdout.split('\n')) {
		const [, id, result = ''] = /^(\d+) (.*)$/.exec(line) ?? []
		results[Number(id)]?.push(JSON.parse(result))
	}
	return results
}
