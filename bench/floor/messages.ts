import {VipEncoder} from '../../src/kernel/addresses/encode.ts'
import {MemberEncoder} from '../../src/kernel/ipset/member-encoder.ts'
import {IPVS_CMD_NEW_DEST, IPVS_CMD_NEW_SERVICE} from '../../src/kernel/ipvs/constants.ts'
import type {IpvsEncoder} from '../../src/kernel/ipvs/encode.ts'
import type {Encoded} from '../../src/kernel/netlink/template.ts'
import {type Address, FAMILIES, familyOf} from '../../src/net/address.ts'
import {MAX_ADDRESSES} from '../../src/plan/addresses.ts'
import type {BenchState} from '../state.ts'

/** One for each virtual and each real server. */
export const ipvsMessages = ({virtualServers}: BenchState, encoder: IpvsEncoder): readonly Encoded[] =>
	virtualServers.flatMap(({server, realServers}) => [
		encoder.service(IPVS_CMD_NEW_SERVICE, server),
		...[...realServers.values()].map(realServer => encoder.dest(IPVS_CMD_NEW_DEST, server, realServer)),
	])

/** One for each VIP: addresses on the device up to the limit of each family, local routes for the others. */
export const vipMessages = (state: BenchState, device: number): readonly Encoded[] => {
	const encoder = new VipEncoder(device)
	return vipsByFamily(state).flatMap(vips =>
		vips.map((vip, at) => (at < MAX_ADDRESSES ? encoder.address('add', vip) : encoder.route('add', vip))),
	)
}

/** One for each member of a set. */
export const memberMessages = ({members}: BenchState): readonly Encoded[] =>
	members.flatMap(({definition, entries}) => {
		const encoder = new MemberEncoder(definition)
		return entries.map(entry => {
			const message = encoder.add(entry)
			if (!message) {
				throw new Error(`${entry}: no member of ${definition.name}`)
			}
			return message
		})
	})

/** The kernel takes no route through a device that is down, and an address faster. */
export const needsDeviceUp = (state: BenchState): boolean =>
	vipsByFamily(state).some(vips => vips.length > MAX_ADDRESSES)

const vipsByFamily = ({vips}: BenchState): readonly (readonly Address[])[] =>
	FAMILIES.map(family => vips.filter(vip => familyOf(vip) === family))
