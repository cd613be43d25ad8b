import {CommandError} from '../command-error.ts'
import type {Doors, ExecDoor} from '../doors.ts'
import {hasNftables} from './nft-probe.ts'

/** The two back ends of iptables; rules in one are not seen by the other, so everybody on a node must use the same. */
export type Variant = 'legacy' | 'nft'

/**
 * The variant that the node uses already: nft where the kernel has it, unless legacy holds the kubelet's hint chain or
 * more rules. (The same order as the iptables-wrappers of Kubernetes' own images.) Legacy is only listed, because its
 * other commands would load its modules on a node that does without.
 */
export const detectVariant = async ({netlink, exec}: Doors): Promise<Variant> => {
	if (!(await hasNftables(netlink))) {
		return 'legacy'
	}
	const nft = await survey(exec, 'iptables-nft-save')
	const legacy = await survey(exec, 'iptables-legacy-save')
	if (nft.hasHint !== legacy.hasHint) {
		return nft.hasHint ? 'nft' : 'legacy'
	}
	return legacy.rules > nft.rules ? 'legacy' : 'nft'
}

/** A program that is not there has no rules; one that fails may have: with the wrong variant a node has two sets of rules. */
const survey = async (exec: ExecDoor, program: string) => {
	const {exitCode, stdout, stderr} = await exec.run(program, [])
	if (exitCode !== 0 && exitCode !== NOT_FOUND) {
		throw new CommandError(program, exitCode, stderr)
	}
	const lines = exitCode === 0 ? stdout.split('\n') : []
	return {
		hasHint: lines.some(line => /^:KUBE-(IPTABLES-HINT|KUBELET-CANARY) /.test(line)),
		rules: lines.filter(line => line.startsWith('-A ')).length,
	}
}

/** As a shell has it. */
const NOT_FOUND = 127
