import {VIP_DEVICE} from '../../state/addresses.ts'
import {RTM_GETLINK} from '../addresses/constants.ts'
import {decodeLink, decodeLinkKind} from '../addresses/decode.ts'
import {encodeDump} from '../addresses/encode.ts'
import type {Doors} from '../doors.ts'
import {NETLINK_ROUTE} from '../netlink/constants.ts'
import {request} from '../netlink/dump.ts'
import {Sequence} from '../netlink/sequence.ts'
import type {Missing} from './missing.ts'

/** An interface of somebody else under the name of our device: its addresses would be taken for VIPs, and removed. */
export const foreignDevice = async ({netlink}: Pick<Doors, 'netlink'>): Promise<readonly Missing[]> => {
	const links = await request(netlink, NETLINK_ROUTE, encodeDump(RTM_GETLINK, new Uint8Array(16)), new Sequence())
	const device = links.find(({payload}) => decodeLink(payload).name === VIP_DEVICE)
	const kind = device && decodeLinkKind(device.payload)
	if (!device || kind === 'dummy') {
		return []
	}
	const what = kind ? `an interface of kind ${kind}` : 'an interface without a kind'
	return [{what: `the name ${VIP_DEVICE}: ${what} has it`, remedy: 'give that interface another name, or delete it'}]
}
