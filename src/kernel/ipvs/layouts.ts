import type {VirtualServer} from '../../state/ipvs.ts'
import type {Field} from '../netlink/template.ts'
import * as k from './constants.ts'

/** The attributes of each request, and the names of the values that a message fills in. */
export type IdentitySlot = 'family' | 'protocol' | 'address' | 'port' | 'mark'
export type ServiceSlot = IdentitySlot | 'scheduler' | 'flags' | 'timeout' | 'netmask' | 'engine'
export type DestSlot = 'destFamily' | 'destAddress' | 'destPort' | 'method' | 'weight' | 'upper' | 'lower'
export type TunnelSlot = 'tunnelType' | 'tunnelPort' | 'tunnelFlags'
export type TimeoutSlot = 'tcp' | 'tcpFin' | 'udp'

export type Listening = VirtualServer['listen']['kind']

export const serviceNest = <Slot extends string>(nest: readonly Field<Slot>[]): Field<Slot> => ({
	type: k.IPVS_CMD_ATTR_SERVICE,
	nest,
})

export const destNest = <Slot extends string>(nest: readonly Field<Slot>[]): Field<Slot> => ({
	type: k.IPVS_CMD_ATTR_DEST,
	nest,
})

const slot = <Slot extends string>(name: Slot, type: number, size: number): Field<Slot> => ({type, slot: name, size})

export const IDENTITY: Record<Listening, readonly Field<IdentitySlot>[]> = {
	address: [
		slot('family', k.IPVS_SVC_ATTR_AF, 2),
		slot('protocol', k.IPVS_SVC_ATTR_PROTOCOL, 2),
		slot('address', k.IPVS_SVC_ATTR_ADDR, k.ADDRESS_SIZE),
		slot('port', k.IPVS_SVC_ATTR_PORT, 2),
	],
	'firewall-mark': [slot('family', k.IPVS_SVC_ATTR_AF, 2), slot('mark', k.IPVS_SVC_ATTR_FWMARK, 4)],
}

export const SETTINGS: readonly Field<ServiceSlot>[] = [
	slot('scheduler', k.IPVS_SVC_ATTR_SCHED_NAME, k.NAME_SIZE),
	slot('flags', k.IPVS_SVC_ATTR_FLAGS, 8),
	slot('timeout', k.IPVS_SVC_ATTR_TIMEOUT, 4),
	slot('netmask', k.IPVS_SVC_ATTR_NETMASK, 4),
]

export const TIMEOUTS: readonly Field<TimeoutSlot>[] = [
	slot('tcp', k.IPVS_CMD_ATTR_TIMEOUT_TCP, 4),
	slot('tcpFin', k.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, 4),
	slot('udp', k.IPVS_CMD_ATTR_TIMEOUT_UDP, 4),
]

export const ENGINE: Field<ServiceSlot> = slot('engine', k.IPVS_SVC_ATTR_PE_NAME, k.NAME_SIZE)

export const DEST: readonly Field<DestSlot>[] = [
	slot('destFamily', k.IPVS_DEST_ATTR_ADDR_FAMILY, 2),
	slot('destAddress', k.IPVS_DEST_ATTR_ADDR, k.ADDRESS_SIZE),
	slot('destPort', k.IPVS_DEST_ATTR_PORT, 2),
	slot('method', k.IPVS_DEST_ATTR_FWD_METHOD, 4),
	slot('weight', k.IPVS_DEST_ATTR_WEIGHT, 4),
	slot('upper', k.IPVS_DEST_ATTR_U_THRESH, 4),
	slot('lower', k.IPVS_DEST_ATTR_L_THRESH, 4),
]

export const TUNNEL: readonly Field<TunnelSlot>[] = [
	slot('tunnelType', k.IPVS_DEST_ATTR_TUN_TYPE, 1),
	slot('tunnelPort', k.IPVS_DEST_ATTR_TUN_PORT, 2),
	slot('tunnelFlags', k.IPVS_DEST_ATTR_TUN_FLAGS, 2),
]
