import {isAtLeast, parseVersion, type Version} from '../../state/node-facts.ts'
import type {ExecDoor, ExecResult} from '../doors.ts'
import type {Variant} from '../iptables/variant.ts'
import type {Missing} from './missing.ts'

/** The first with the protocol that every kernel of today speaks. */
const OLDEST_IPSET: Version = [6, 0]

const IPSET_REMEDY = 'install the package ipset; load the module on the node: modprobe ip_set'
const IPTABLES_REMEDY = 'install the package iptables; load one of the modules on the node: nf_tables, iptable_nat'

/** Which of the programs are not there, too old, or do not work. */
export const missingPrograms = async (exec: ExecDoor, variant: Variant): Promise<readonly Missing[]> => {
	const missing: Missing[] = []
	const ipset = await exec.run('ipset', ['list', '-n'])
	if (ipset.exitCode !== 0) {
		missing.push(explain('ipset', ipset, IPSET_REMEDY))
	}
	if (ipset.exitCode !== 127) {
		missing.push(...outdatedIpset(await exec.run('ipset', ['--version'])))
	}
	const iptables = await listNat(exec, `iptables-${variant}`)
	if (iptables.exitCode !== 0) {
		missing.push(explain('iptables', iptables, IPTABLES_REMEDY))
	}
	return missing
}

/** `ipset v7.17, protocol version: 7` */
const outdatedIpset = ({stdout, stderr}: ExecResult): readonly Missing[] => {
	const version = parseVersion(stdout)
	if (version && isAtLeast(version, OLDEST_IPSET)) {
		return []
	}
	const found = version ? `version ${version.join('.')}` : `"${(stdout || stderr).trim()}" for its version`
	return [{what: `ipset ${OLDEST_IPSET.join('.')} or newer: it says ${found}`, remedy: 'install a newer package ipset'}]
}

const explain = (program: string, {exitCode, stderr}: ExecResult, remedy: string): Missing => {
	if (/not permitted|permission denied|must be root/i.test(stderr)) {
		return {what: `the right to use ${program}`, remedy: 'run as root, or with the capability NET_ADMIN'}
	}
	return {what: exitCode === 127 ? `the program ${program}` : `${program} (${stderr.trim()})`, remedy}
}

/** `iptables v1.8.9 (nf_tables)`; undefined when it cannot be told. */
export const readIptablesVersion = async (exec: ExecDoor, variant: Variant): Promise<Version | undefined> =>
	parseVersion((await exec.run(`iptables-${variant}`, ['--version'])).stdout)

export const listNat = (exec: ExecDoor, program: string): Promise<ExecResult> =>
	exec.run(program, ['-w', '5', '-t', 'nat', '-S', 'POSTROUTING'])
