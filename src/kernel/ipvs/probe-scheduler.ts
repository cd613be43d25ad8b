import {addressFromBytes} from '../../net/address.ts'
import {type VirtualServer, type VirtualServerKey, virtualServerKey} from '../../state/ipvs.ts'
import type {Missing} from '../capabilities/missing.ts'
import type {MessageResult} from '../netlink/batch.ts'
import {errnoName} from '../netlink/netlink-error.ts'
import type {IpvsClient} from './client.ts'

const TRIES = 5

/**
 * Whether the kernel has the scheduler, which a virtual server that uses it proves. Without one a trial is added, which
 * also loads the module, and deleted by the same datagram: nothing is left behind, wherever this process ends.
 */
export const probeScheduler = async (ipvs: IpvsClient, scheduler: string): Promise<Missing | undefined> => {
	const {virtualServers} = await ipvs.read()
	if ([...virtualServers.values()].some(({server}) => server.scheduler === scheduler)) {
		return undefined
	}
	const code = await tryOut(
		ipvs,
		makeTrial(scheduler, key => virtualServers.has(key)),
	)
	return code === undefined ? undefined : explain(scheduler, code)
}

/** An address for documentation (RFC 5737), as kube-proxy takes it, and a port that nobody has there. */
const makeTrial = (scheduler: string, isTaken: (key: VirtualServerKey) => boolean): VirtualServer => {
	const at = (port: number) => ({kind: 'address', protocol: 'tcp', address: TRIAL_ADDRESS, port}) as const
	let listen = at(20_000)
	while (isTaken(virtualServerKey(listen)) && listen.port < 65_535) {
		listen = at(listen.port + 1)
	}
	return {key: virtualServerKey(listen), listen, scheduler, flags: [], persistence: undefined}
}

const TRIAL_ADDRESS = addressFromBytes(new Uint8Array([198, 51, 100, 0]))

/** The code of the error, undefined for success. */
const tryOut = async (ipvs: IpvsClient, server: VirtualServer): Promise<string | undefined> => {
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

const explain = (scheduler: string, code: string): Missing => {
	switch (code) {
		case 'ENOENT':
			return {
				what: `the IPVS scheduler ${scheduler} in the kernel`,
				remedy: `load the module on the node: modprobe ip_vs_${scheduler}; or name another one in the field scheduler`,
			}
		case 'EPERM':
			return {what: 'the right to change IPVS', remedy: 'run as root, or with the capability NET_ADMIN'}
		default:
			return {
				what: `a virtual server with the scheduler ${scheduler} (${code})`,
				remedy: 'look into the log of the kernel: dmesg',
			}
	}
}
