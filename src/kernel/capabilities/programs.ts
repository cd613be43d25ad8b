import {parseVersion, type Version} from '../../state/node-facts.ts'
import type {ExecDoor, ExecResult} from '../doors.ts'
import type {Variant} from '../iptables/variant.ts'
import {type Missing, RIGHT_REMEDY} from './missing.ts'

const IPTABLES_REMEDY = 'install the package iptables; load one of the modules on the node: nf_tables, iptable_nat'

/** The program iptables, where it is not there or does not work. */
export const missingPrograms = async (exec: ExecDoor, variant: Variant): Promise<readonly Missing[]> => {
	const iptables = await listNat(exec, `iptables-${variant}`)
	return iptables.exitCode === 0 ? [] : [explain(iptables)]
}

const explain = ({exitCode, stderr}: ExecResult): Missing => {
	if (/not permitted|permission denied|must be root/i.test(stderr)) {
		return {what: 'the right to use iptables', remedy: RIGHT_REMEDY}
	}
	return {what: exitCode === 127 ? 'the program iptables' : `iptables (${stderr.trim()})`, remedy: IPTABLES_REMEDY}
}

/** `iptables v1.8.9 (nf_tables)`; undefined when it cannot be told. */
export const readIptablesVersion = async (exec: ExecDoor, variant: Variant): Promise<Version | undefined> =>
	parseVersion((await exec.run(`iptables-${variant}`, ['--version'])).stdout)

export const listNat = (exec: ExecDoor, program: string): Promise<ExecResult> =>
	exec.run(program, ['-w', '5', '-t', 'nat', '-S', 'POSTROUTING'])
