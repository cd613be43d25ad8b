import {describeAddressContract} from './addresses.contract.ts'
import type {OpenDoors} from './bench.ts'
import {describeConntrackContract} from './conntrack.contract.ts'
import {describeIpsetContract} from './ipset.contract.ts'
import {describeIptablesContract} from './iptables.contract.ts'
import {describeIpvsContract} from './ipvs.contract.ts'
import {describeIpvsSettingsContract} from './ipvs-settings.contract.ts'
import {describeObstructionContract} from './obstruction.contract.ts'
import {describeSysctlContract} from './sysctl.contract.ts'

/** The contracts of all six adapters. Kernel settings are only made by who prepares a node. */
export const describeAllContracts = (name: string, open: OpenDoors, openToPrepare = open): void => {
	describeIpvsContract(name, open)
	describeIpvsSettingsContract(name, open)
	describeAddressContract(name, open)
	describeIpsetContract(name, open)
	describeIptablesContract(name, open)
	describeConntrackContract(name, open)
	describeSysctlContract(name, openToPrepare)
	describeObstructionContract(name, open)
}
