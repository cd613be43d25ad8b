import type {Family} from '../../src/net/address.ts'
import type {Persistence} from '../../src/state/ipvs.ts'
import type {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'

export interface ServerView {
	readonly scheduler: string
	readonly flags: readonly string[]
	readonly persistence: Persistence | undefined
	/** Weights by address and port; `direct-routing 1` where packets are not masqueraded. */
	readonly realServers: Readonly<Record<string, number | string>>
}

/** Virtual servers as the kernel has them, by `tcp 10.96.0.10:80`, or by `firewall-mark ipv4 0x1001`. */
export const viewServers = ({ipvs}: FakeKernel): Readonly<Record<string, ServerView>> =>
	Object.fromEntries(
		[...ipvs.servers].map(([key, {server, realServers}]) => {
			const {scheduler, flags, persistence} = server
			const weights = [...realServers].map(([key, {realServer}]) => {
				const {weight, forwarding} = realServer
				return [key, forwarding === 'masquerade' ? weight : `${forwarding} ${weight}`] as const
			})
			return [key, {scheduler, flags, persistence, realServers: Object.fromEntries(weights)}] as const
		}),
	)

/**
 * Real servers that clients inside the cluster reach through this virtual server: packets from them get the mark that
 * stands in a set, and a virtual server of that mark takes them. Without an entry they are like those from outside.
 */
export const viewInside = (kernel: FakeKernel, key: string): ServerView['realServers'] | undefined => {
	const [, protocol, address = '', port] = /^(\w+) \[?([^\]]+?)\]?:(\d+)$/.exec(key) ?? []
	const isIPv6 = address.includes(':')
	const set = kernel.ipset.sets.get(isIPv6 ? 'KUBE-6-LVS-INSIDE' : 'KUBE-LVS-INSIDE')
	const [, mark] = /skbmark (0x[0-9a-f]+)/.exec(set?.entries.get(`${address},${protocol}:${port}`) ?? '') ?? []
	const server = mark === undefined ? key : `firewall-mark ${isIPv6 ? 'ipv6' : 'ipv4'} ${mark}`
	return viewServers(kernel)[server]?.realServers
}

/** What stands on kube-ipvs0: addresses, and routes through it. */
export const viewVips = ({links}: FakeKernel): readonly string[] => {
	const device = links.find('kube-ipvs0')
	return device ? [...device.addresses.keys(), ...device.routes].sort() : []
}

/** `CLUSTER-IP`, `6-CLUSTER-IP`; undefined for a set that does not exist. */
export const viewSet = ({ipset}: FakeKernel, name: string): readonly string[] | undefined => {
	const set = ipset.sets.get(`KUBE-${name}`.slice(0, LONGEST_NAME))
	return set && [...set.entries.keys()].sort()
}

/** The kernel cuts nothing, so the names are cut before. */
const LONGEST_NAME = 31

export const viewRules = (
	{iptables}: FakeKernel,
	table: string,
	chain: string,
	family: Family = 'ipv4',
): readonly string[] => iptables.rules(family, table, chain)
