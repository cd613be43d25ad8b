import {FAMILIES} from '../../net/address.ts'
import type {Doors} from '../doors.ts'
import {hasNftables} from './nft-probe.ts'
import type {Variant} from './variant.ts'

/**
 * Warnings of rules of kube-proxy in the variant of iptables that is not ours: the kernel goes by both, so they still
 * bear on packets. Nothing for a variant that does not work here.
 */
export const findStrayRules = async ({netlink, exec}: Doors, variant: Variant): Promise<readonly string[]> => {
	const other: Variant = variant === 'nft' ? 'legacy' : 'nft'
	if (other === 'nft' && !(await hasNftables(netlink))) {
		return []
	}
	const warnings: string[] = []
	for (const family of FAMILIES) {
		const program = `${family === 'ipv4' ? 'iptables' : 'ip6tables'}-${other}`
		const {exitCode, stdout} = await exec.run(`${program}-save`, [])
		if (exitCode === 0 && /^:KUBE-(SERVICES|NODE-?PORTS?|SVC-\w+) /m.test(stdout)) {
			warnings.push(
				`${program} has rules of kube-proxy, which bear on packets beside those in ${variant}; when no kube-proxy ` +
					`runs any more, remove them: ${program}-save | grep -v KUBE- | ${program}-restore`,
			)
		}
	}
	return warnings
}
