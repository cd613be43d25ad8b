import {systemClock} from '../src/clock.ts'
import {IPVS_GENL_NAME} from '../src/kernel/ipvs/constants.ts'
import {IpvsEncoder} from '../src/kernel/ipvs/encode.ts'
import {resolveFamily} from '../src/kernel/netlink/generic.ts'
import {Sequence} from '../src/kernel/netlink/sequence.ts'
import {openNetlink} from '../src/kernel/netlink/socket.ts'

/** The encoder of kube-lvs itself, for this kernel. */
export const makeIpvsEncoder = async (): Promise<IpvsEncoder> => {
	const netlink = openNetlink(systemClock)
	try {
		return new IpvsEncoder(await resolveFamily(netlink, IPVS_GENL_NAME, new Sequence()))
	} finally {
		netlink.close()
	}
}
