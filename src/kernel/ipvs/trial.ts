import {addressFromBytes} from '../../net/address.ts'
import type {Protocol} from '../../net/protocol.ts'
import {type VirtualServer, type VirtualServerKey, virtualServerKey} from '../../state/ipvs.ts'
import type {MessageResult} from '../netlink/batch.ts'
import {errnoName} from '../netlink/netlink-error.ts'
import type {IpvsClient} from './client.ts'

const TRIES = 5

/** What is tried out. */
export type Balancing = Pick<VirtualServer, 'scheduler' | 'persistence'>

/**
 * Adds a virtual server that uses it, which also loads the module, and deletes it by the same datagram: nothing is left
 * behind, wherever this process ends. Resolves with the code of the error, ENOENT where the kernel does not have it, and
 * undefined for success. `present` is what the kernel holds.
 */
export const tryOut = (
	ipvs: IpvsClient,
	balancing: Balancing,
	present: Pick<ReadonlySet<VirtualServerKey>, 'has'>,
): Promise<string | undefined> =>
	tryWith(
		ipvs,
		makeTrial(balancing, key => present.has(key)),
	)

/** An address for documentation (RFC 5737), as kube-proxy takes it, and a port that nobody has there. */
const makeTrial = (balancing: Balancing, isTaken: (key: VirtualServerKey) => boolean): VirtualServer => {
	// Engines of the kernel are for UDP.
	const protocol: Protocol = balancing.persistence?.engine === undefined ? 'tcp' : 'udp'
	const at = (port: number) => ({kind: 'address', protocol, address: TRIAL_ADDRESS, port}) as const
	let listen = at(20_000)
	while (isTaken(virtualServerKey(listen)) && listen.port < 65_535) {
		listen = at(listen.port + 1)
	}
	return {key: virtualServerKey(listen), listen, flags: [], ...balancing}
}

const TRIAL_ADDRESS = addressFromBytes(new Uint8Array([198, 51, 100, 0]))

const tryWith = async (ipvs: IpvsClient, server: VirtualServer): Promise<string | undefined> => {
	for (let left = TRIES; ; left--) {
		const [added = 'lost', deleted = 'lost'] = await ipvs.apply([
			{kind: 'add-virtual-server', server},
			{kind: 'delete-virtual-server', server},
		])
		if (added !== 'lost' && isGone(deleted)) {
			// It exists when an earlier try got half-way.
			return added === 0 || errnoName(added) === 'EEXIST' ? undefined : errnoName(added)
		}
		if (left <= 1) {
			return deleted === 'lost' ? 'LOST' : errnoName(deleted)
		}
	}
}

const isGone = (deleted: MessageResult): boolean =>
	deleted === 0 || (deleted !== 'lost' && errnoName(deleted) === 'ESRCH')
