import {FAMILIES, type Family} from '../net/address.ts'
import type {Doors, ExecResult} from './doors.ts'
import {detectVariant, type Variant} from './iptables/variant.ts'
import {resolveFamily} from './netlink/generic.ts'
import {Sequence} from './netlink/sequence.ts'

/** Something that this node lacks, and what to do about it. */
export interface Missing {
	readonly what: string
	readonly remedy: string
}

/** What this node can do, learned once at start. */
export interface Capabilities {
	readonly families: readonly Family[]
	readonly variant: Variant
	/** Without any of these nothing can be served. */
	readonly missing: readonly Missing[]
}

/** Modules that no request loads by itself. Where modprobe is missing or refused, they may be there all the same. */
const MODULES = ['ip_vs', 'nf_conntrack', 'nf_conntrack_netlink', 'dummy', 'br_netfilter']

/** Finds out what the node can do; with `load` the modules that are needed are loaded first. */
export const prepareKernel = async (doors: Doors, {load}: {readonly load: boolean}): Promise<Capabilities> => {
	if (load) {
		await doors.exec.run('modprobe', ['-a', '-q', ...MODULES])
	}
	const missing: Missing[] = []
	if (!(await hasIpvs(doors))) {
		missing.push({what: 'IPVS in the kernel', remedy: 'load the module on the node: modprobe ip_vs'})
	}
	const variant = await detectVariant(doors)
	missing.push(...(await missingPrograms(doors, variant)))
	return {families: await servedFamilies(doors, variant), variant, missing}
}

const hasIpvs = async ({netlink}: Doors): Promise<boolean> => {
	try {
		await resolveFamily(netlink, 'IPVS', new Sequence())
		return true
	} catch {
		return false
	}
}

const missingPrograms = async (doors: Doors, variant: Variant): Promise<readonly Missing[]> => {
	const {exec} = doors
	const missing: Missing[] = []
	const ipset = await exec.run('ipset', ['list', '-n'])
	if (ipset.exitCode !== 0) {
		missing.push(explain('ipset', ipset, 'install the package ipset; load the module on the node: modprobe ip_set'))
	}
	const iptables = await listNat(doors, `iptables-${variant}`)
	if (iptables.exitCode !== 0) {
		const remedy = 'install the package iptables; load one of the modules on the node: nf_tables, iptable_nat'
		missing.push(explain('iptables', iptables, remedy))
	}
	return missing
}

const explain = (program: string, {exitCode, stderr}: ExecResult, remedy: string): Missing => {
	if (/not permitted|permission denied|must be root/i.test(stderr)) {
		return {what: `the right to use ${program}`, remedy: 'run as root, or with the capability NET_ADMIN'}
	}
	return {what: exitCode === 127 ? `the program ${program}` : `${program} (${stderr.trim()})`, remedy}
}

/** IPv6 may be switched off for the whole node, or ip6tables may lack its modules: IPv4 is served all the same. */
const servedFamilies = async (doors: Doors, variant: Variant): Promise<readonly Family[]> => {
	const isOn = (await doors.files.read('/proc/sys/net/ipv6/conf/all/disable_ipv6'))?.trim() === '0'
	const works = isOn && (await listNat(doors, `ip6tables-${variant}`)).exitCode === 0
	return works ? FAMILIES : FAMILIES.filter(family => family === 'ipv4')
}

const listNat = (doors: Doors, program: string): Promise<ExecResult> =>
	doors.exec.run(program, ['-w', '5', '-t', 'nat', '-S', 'POSTROUTING'])
