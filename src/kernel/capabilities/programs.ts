import {parseVersion, type Version} from '../../state/node-facts.ts'
import type {ExecDoor, ExecResult} from '../doors.ts'
import type {Variant} from '../iptables/variant.ts'
import {type Missing, RIGHT_REMEDY} from './missing.ts'

const IPTABLES_REMEDY = 'install the package iptables; load one of the modules on the node: nf_tables, iptable_nat'

/** The program iptables, where it is not there or does not work. */
export const missingPrograms = async (exec: ExecDoor, variant: Variant): Promise<readonly Missing[]> => {
	const result = await listNat(exec, `iptables-${variant}`)
	const trouble = troubleOf(result)
	if (trouble === undefined) {
		return []
	}
	if (/not permitted|permission denied|must be root/i.test(result.stderr)) {
		return [{what: 'the right to use iptables', remedy: RIGHT_REMEDY}]
	}
	return [{what: result.exitCode === 127 ? 'the program iptables' : `iptables (${trouble})`, remedy: IPTABLES_REMEDY}]
}

/**
 * Why it does not work, in its own first line; undefined where it does. One that could not have the lock, which all programs
 * of its kind share, only waits for another one.
 */
export const troubleOf = ({exitCode, stderr}: ExecResult): string | undefined => {
	if (exitCode === 0 || IS_BUSY.test(stderr)) {
		return undefined
	}
	return stderr.trim().split('\n')[0] || `exit code ${exitCode}`
}

const IS_BUSY = /holding the xtables lock/

/** `iptables v1.8.9 (nf_tables)`; undefined when it cannot be told. */
export const readIptablesVersion = async (exec: ExecDoor, variant: Variant): Promise<Version | undefined> =>
	parseVersion((await exec.run(`iptables-${variant}`, ['--version'])).stdout)

export const listNat = (exec: ExecDoor, program: string): Promise<ExecResult> =>
	exec.run(program, ['-w', '5', '-t', 'nat', '-S', 'POSTROUTING'])
