import type {Config} from '../config/fields.ts'
import type {IpvsClient} from '../kernel/ipvs/client.ts'
import {errnoName} from '../kernel/netlink/netlink-error.ts'
import type {VirtualServer} from '../state/ipvs.ts'
import {Failure} from './failure.ts'
import {findRunning} from './find-running.ts'
import {type OutputFormat, print, printable} from './output.ts'
import {withIpvs} from './with-ipvs.ts'

/** Sets counters of IPVS back to 0: all, or those of what the words name. */
export const zero = (config: Config, format: OutputFormat, words: readonly string[]): Promise<number> =>
	withIpvs(async ipvs => {
		const zeroed = await zeroCounters(ipvs, config, words)
		print(format, {zeroed}, () => [`set back the counters of ${zeroed.join(', ')}`])
		return 0
	})

/**
 * Words name a virtual server (`tcp 10.96.0.1:443`), or a Service; none are all. Resolves with what was set back, with the
 * counters of its real servers.
 */
export const zeroCounters = async (
	ipvs: IpvsClient,
	config: Pick<Config, 'runtimeDirectory'>,
	words: readonly string[],
): Promise<readonly string[]> => {
	const servers = words.length > 0 ? await findServers(ipvs, config, words.join(' ')) : 'all'
	const names = servers === 'all' ? ['all virtual servers'] : servers.map(({key}) => key)
	const failures = (await ipvs.zero(servers)).flatMap((result, at) =>
		result === 0
			? []
			: [`${names[at]}: ${result === 'lost' ? 'the answer of the kernel got lost' : errnoName(result)}`],
	)
	if (failures.length > 0) {
		throw new Failure(`counters could not be set back: ${failures.join(', ')}`)
	}
	return names
}

/** A word alone is a Service of namespace `default`. */
const findServers = async (
	ipvs: IpvsClient,
	config: Pick<Config, 'runtimeDirectory'>,
	name: string,
): Promise<readonly VirtualServer[]> => {
	const present = await ipvs.readVirtualServers()
	const server = present.values().find(({key}) => key === name.toLowerCase())
	if (server) {
		return [server]
	}
	if (name.includes(' ')) {
		throw new Failure(`there is no virtual server ${printable(name)}; \`kube-lvs status\` names them`)
	}
	const service = name.includes('/') ? name : `default/${name}`
	const running = await findRunning(config)
	if (!running) {
		throw new Failure('kube-lvs does not run on this node; it alone knows the virtual servers of a Service')
	}
	const servers = [...present.values()].filter(({key}) => running.owners[key] === service)
	if (servers.length === 0) {
		throw new Failure(`the kube-lvs on this node has no virtual server of a Service ${printable(service)}`)
	}
	return servers
}
