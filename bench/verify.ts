import {VIP_DEVICE} from '../src/state/addresses.ts'
import type {Namespace} from './namespace.ts'
import type {BenchState} from './state.ts'

interface Counts {
	readonly virtualServers: number
	readonly realServers: number
	readonly vips: number
	readonly members: number
}

/** Rejects unless the kernel holds as much of everything as was wanted: nothing is fast that was not done. */
export const verify = async (namespace: Namespace, state: BenchState): Promise<void> => {
	await verifyServers(namespace, state)
	await verifyMembers(namespace, state)
	expectCounts({vips: await countVips(namespace)}, {vips: state.vips.length})
}

/** The same for virtual and real servers alone. */
export const verifyServers = async (namespace: Namespace, {virtualServers}: BenchState): Promise<void> =>
	expectCounts(await countServers(namespace), {
		virtualServers: virtualServers.length,
		realServers: virtualServers.reduce((sum, {realServers}) => sum + realServers.size, 0),
	})

/** The same for the members of sets alone. */
export const verifyMembers = async (namespace: Namespace, {members}: BenchState): Promise<void> =>
	expectCounts(
		{members: await countMembers(namespace)},
		{members: members.reduce((sum, {entries}) => sum + entries.length, 0)},
	)

const expectCounts = (found: Partial<Counts>, wanted: Partial<Counts>): void => {
	if (JSON.stringify(found) !== JSON.stringify(wanted)) {
		throw new Error(`the kernel has ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`)
	}
}

/** A line for each virtual server, followed by one that begins with an arrow for each of its real servers. */
const countServers = async (namespace: Namespace): Promise<Pick<Counts, 'virtualServers' | 'realServers'>> => {
	const lines = (await namespace.run('cat', ['/proc/net/ip_vs'])).split('\n')
	return {
		virtualServers: lines.filter(line => /^(TCP|UDP|SCTP|FWM) /.test(line)).length,
		realServers: lines.filter(line => /^ {2}-> [\dA-F[]/.test(line)).length,
	}
}

/** Addresses on the device and local routes through it; the kernel makes a route of its own for most of the addresses. */
const countVips = async (namespace: Namespace): Promise<number> => {
	const addresses = await namespace.run('ip', ['-o', 'address', 'show', 'dev', VIP_DEVICE])
	const vips = new Set([...addresses.matchAll(/ inet6? ([^ /]+)/g)].map(match => match[1]))
	for (const family of ['-4', '-6']) {
		const routes = await namespace.run('ip', [family, 'route', 'show', 'table', 'local', 'type', 'local'])
		for (const match of routes.matchAll(new RegExp(`^(?:local )?([^ /]+) dev ${VIP_DEVICE} `, 'gm'))) {
			vips.add(match[1])
		}
	}
	return [...vips].filter(vip => !vip?.startsWith('fe80:')).length
}

const countMembers = async (namespace: Namespace): Promise<number> => {
	const sets = await namespace.run('ipset', ['list', '-t'])
	return [...sets.matchAll(/^Number of entries: (\d+)/gm)].reduce((sum, match) => sum + Number(match[1]), 0)
}
