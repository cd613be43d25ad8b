import {FAMILIES, type Family} from '../net/address.ts'
import {isAtLeast, type NodeFacts, parseVersion, type Version} from '../state/node-facts.ts'
import {countCpus} from './capabilities/cpus.ts'
import {missingIpset} from './capabilities/ipset.ts'
import {type Missing, RIGHT_REMEDY} from './capabilities/missing.ts'
import {hasPolicyRules} from './capabilities/policy-rules.ts'
import {listNat, missingPrograms, readIptablesVersion, troubleOf} from './capabilities/programs.ts'
import {findSmallestMTU} from './capabilities/smallest-mtu.ts'
import {foreignDevice} from './capabilities/vip-device.ts'
import type {Doors} from './doors.ts'
import {findStrayRules} from './iptables/stray-rules.ts'
import {detectVariant, type Variant} from './iptables/variant.ts'
import {resolveFamily} from './netlink/generic.ts'
import {Sequence} from './netlink/sequence.ts'

/** What this node can do, learned once at start; what it lets us tune is only learned by trying: `tryTuning`. */
export interface Capabilities {
	readonly facts: NodeFacts
	readonly variant: Variant
	/** Without any of these nothing can be served. */
	readonly missing: readonly Missing[]
	/** What is served worse than it could be, and why. */
	readonly warnings: readonly string[]
}

/**
 * Modules that no request loads by itself, and those that our sets and rules need: the kernel would load them one by one
 * during the first sync. Where modprobe is missing or refused, they may be there all the same.
 */
const MODULES = [
	...['ip_vs', 'nf_conntrack', 'nf_conntrack_netlink', 'dummy', 'br_netfilter'],
	...['ip_set_hash_ip', 'ip_set_hash_ipport', 'ip_set_hash_ipportip', 'ip_set_hash_ipportnet', 'ip_set_bitmap_port'],
	...['xt_set', 'xt_mark', 'xt_comment', 'xt_conntrack', 'xt_addrtype', 'xt_physdev', 'xt_tcpudp'],
	...['xt_MASQUERADE', 'xt_TCPMSS', 'ipt_REJECT', 'ip6t_REJECT'],
]

/** Finds out what the node can do; with `load` the modules that are needed are loaded first. */
export const prepareKernel = async (doors: Doors, {load}: {readonly load: boolean}): Promise<Capabilities> => {
	if (load) {
		await doors.exec.run('modprobe', ['-a', '-q', ...MODULES])
	}
	const missing: Missing[] = []
	if (!(await hasIpvs(doors))) {
		missing.push({what: 'IPVS in the kernel', remedy: 'load the module on the node: modprobe ip_vs'})
	}
	missing.push(...(await missingIpset(doors.netlink)))
	const hasRight = !missing.some(({remedy}) => remedy === RIGHT_REMEDY)
	// Which one is of no matter then: neither works.
	const variant = hasRight ? await detectVariant(doors) : 'legacy'
	missing.push(...(await missingPrograms(doors.exec, variant)))
	missing.push(...(await foreignDevice(doors)))
	const iptables = await readIptablesVersion(doors.exec, variant)
	const {families, warnings} = await servedFamilies(doors, variant)
	const facts = {
		families,
		kernelVersion: parseVersion((await doors.files.read('/proc/sys/kernel/osrelease')) ?? ''),
		cpus: await countCpus(doors.files),
		smallestMTU: await findSmallestMTU(doors),
		hasPolicyRules: await hasPolicyRules(doors, families),
		tunable: new Set<string>(),
		hasRandomFully: iptables !== undefined && isAtLeast(iptables, [1, 6, 2]),
	}
	const ofPrograms = hasRight ? [...warnings, ...(await findStrayRules(doors, variant))] : []
	return {facts, variant, missing, warnings: [...(await findWarnings(doors, facts)), ...ofPrograms]}
}

const hasIpvs = async ({netlink}: Doors): Promise<boolean> => {
	try {
		await resolveFamily(netlink, 'IPVS', new Sequence())
		return true
	} catch {
		return false
	}
}

/**
 * IPv6 may be switched off for the whole node, or ip6tables may lack its modules: IPv4 is served all the same. The latter
 * is hardly meant, so it is said.
 */
const servedFamilies = async ({files, exec}: Doors, variant: Variant): Promise<Served> => {
	const isOn = (await files.read('/proc/sys/net/ipv6/conf/all/disable_ipv6'))?.trim() === '0'
	if (!isOn) {
		return {families: ['ipv4'], warnings: []}
	}
	const trouble = troubleOf(await listNat(exec, `ip6tables-${variant}`))
	return trouble === undefined
		? {families: FAMILIES, warnings: []}
		: {
				families: ['ipv4'],
				warnings: [
					`no Service is served over IPv6, because ip6tables-${variant} does not work (${trouble}): install the package ` +
						'iptables; load one of the modules on the node: nf_tables, ip6table_nat',
				],
			}
}

interface Served {
	readonly families: readonly Family[]
	readonly warnings: readonly string[]
}

const findWarnings = async ({files}: Doors, {families, kernelVersion}: NodeFacts): Promise<readonly string[]> => {
	const warnings = warnOfReuse(kernelVersion)
	const isForwarding = (await files.read('/proc/sys/net/ipv6/conf/all/forwarding'))?.trim() !== '0'
	return families.includes('ipv6') && !isForwarding ? [...warnings, FORWARDING_OFF] : warnings
}

const FORWARDING_OFF =
	'net/ipv6/conf/all/forwarding is 0: no packet reaches a pod over IPv6. It is left alone, because a node that ' +
	'forwards ignores router advertisements where accept_ra is 1, and would lose its default route'

const warnOfReuse = (version: Version | undefined): readonly string[] => {
	if (version === undefined) {
		return ['the version of the kernel cannot be told: net/ipv4/vs/conn_reuse_mode is left alone']
	}
	return isAtLeast(version, [4, 1])
		? []
		: [`kernel ${version.join('.')} has no net/ipv4/vs/conn_reuse_mode: a client that reuses a port may wait a second`]
}
