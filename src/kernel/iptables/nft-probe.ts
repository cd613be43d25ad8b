import {LostReplies, type NetlinkDoor} from '../doors.ts'
import {sendInBatches} from '../netlink/batch.ts'
import {text} from '../netlink/bytes.ts'
import {NETLINK_NETFILTER, NLM_F_CREATE, NLM_F_REQUEST} from '../netlink/constants.ts'
import {familyNumber} from '../netlink/family.ts'
import {Sequence} from '../netlink/sequence.ts'
import {Template} from '../netlink/template.ts'

// linux/netfilter/nfnetlink.h, linux/netfilter/nf_tables.h
const NFNL_MSG_BATCH_BEGIN = 0x10
const NFNL_SUBSYS_NFTABLES = 10
const NFT_MSG_NEWTABLE = 0
const NFTA_TABLE_NAME = 1

/**
 * Whether the kernel has nf_tables for IPv4. The programs do not tell: listing and testing succeed without it. So the
 * kernel is asked for a table in a transaction that is never finished, which it checks and then drops.
 */
export const hasNftables = async (door: NetlinkDoor): Promise<boolean> => {
	const begin = new Template<never>({
		type: NFNL_MSG_BATCH_BEGIN,
		flags: NLM_F_REQUEST,
		header: new Uint8Array([0, 0, 0, NFNL_SUBSYS_NFTABLES]),
		fields: [],
	})
	const table = new Template<never>({
		type: (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_NEWTABLE,
		flags: NLM_F_REQUEST | NLM_F_CREATE,
		header: new Uint8Array([familyNumber('ipv4'), 0, 0, 0]),
		fields: [{type: NFTA_TABLE_NAME, bytes: text('kube-lvs-probe')}],
	})
	const messages = [begin, table].map(template => template.fill(() => undefined))
	const results = await sendInBatches(door, NETLINK_NETFILTER, messages, new Sequence())
	if (results.includes('lost')) {
		throw new LostReplies('whether the kernel has nf_tables could not be found out')
	}
	return results.every(result => result === 0)
}
