import {MODERN_NODE, type NodeFacts} from '../state/node-facts.ts'
import type {ActualState} from '../state/node-state.ts'
import type {Sysctl} from '../state/sysctl.ts'
import {AddressClient} from './addresses/client.ts'
import {ConntrackClient} from './conntrack/client.ts'
import type {Doors} from './doors.ts'
import {IpsetClient} from './ipset/client.ts'
import {IptablesClient} from './iptables/client.ts'
import type {Variant} from './iptables/variant.ts'
import {IpvsClient} from './ipvs/client.ts'
import {SysctlClient} from './sysctl/client.ts'
import type {FormerSettings} from './sysctl/former-settings.ts'

/** One client for each subsystem of the kernel. */
export interface Kernel {
	readonly doors: Doors
	readonly facts: NodeFacts
	readonly ipvs: IpvsClient
	readonly addresses: AddressClient
	readonly ipset: IpsetClient
	readonly iptables: IptablesClient
	readonly conntrack: ConntrackClient
	readonly sysctl: SysctlClient
}

/**
 * Without a variant of iptables the one that the node uses is found out; with `former` settings are noted before they
 * are changed.
 */
export const openKernel = (
	doors: Doors,
	facts: NodeFacts = MODERN_NODE,
	variant?: Variant,
	former?: FormerSettings,
): Kernel => ({
	doors,
	facts,
	ipvs: new IpvsClient(doors),
	addresses: new AddressClient(doors),
	ipset: new IpsetClient(doors),
	iptables: new IptablesClient(doors, variant),
	conntrack: new ConntrackClient(doors),
	sysctl: new SysctlClient(doors.files, former),
})

/** All that the kernel holds, ours and foreign, read once; `known` as in `IpvsClient.read`. */
export const readKernel = async (
	kernel: Kernel,
	sysctls: readonly Sysctl[],
	known?: ActualState['virtualServers'],
): Promise<ActualState> => {
	const [ipvs, addresses, ipset, iptables, sysctl] = readersOf(kernel, sysctls, known)
	return {
		...(await ipvs()),
		...(await addresses()),
		...(await ipset()),
		...(await iptables()),
		...(await sysctl()),
	}
}

/** The same, in parts, each of which is read when it is asked for. */
export async function* readKernelInParts(
	...given: Parameters<typeof readKernel>
): AsyncGenerator<Partial<ActualState>> {
	for (const read of readersOf(...given)) {
		yield await read()
	}
}

const readersOf = (kernel: Kernel, sysctls: readonly Sysctl[], known?: ActualState['virtualServers']) =>
	[
		() => kernel.ipvs.read(known),
		() => kernel.addresses.read(),
		() => kernel.ipset.read(),
		() => kernel.iptables.read(kernel.facts.families),
		() => kernel.sysctl.read(sysctls.map(({path}) => path)),
	] as const
