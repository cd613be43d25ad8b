import {type Finding, found, type Subject} from './finding.ts'

/** A capability of this process that kube-lvs works by: linux/capability.h. */
interface Right extends Subject {
	readonly bit: number
}

/** Those of `run`; the others that a container may have are for preparing the node. */
const RIGHTS: readonly Right[] = [
	{
		what: 'capability NET_ADMIN',
		need: 'required',
		bit: 12,
		without: 'nothing in the network of the node can be changed',
		remedy: 'give it to the container (securityContext.capabilities.add), or run as root',
	},
	{
		what: 'capability NET_RAW',
		need: 'required',
		bit: 13,
		without: 'the programs of iptables cannot ask the kernel for tables and sets: they do it by a raw socket',
		remedy: 'give it to the container (securityContext.capabilities.add), or run as root',
	},
]

/** By the text of /proc/self/status. */
export const examineRights = (status: string): readonly Finding[] => {
	const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/im.exec(status)?.[1] ?? '0'}`)
	return RIGHTS.map(right => found(right, (effective >> BigInt(right.bit)) % 2n === 1n ? undefined : 'not given'))
}
