import {join} from 'node:path'
import {compile} from '../../e2e/kernel/compile.ts'
import {
	NETLINK_GENERIC,
	NETLINK_NETFILTER,
	NETLINK_ROUTE,
	type NetlinkProtocol,
} from '../../src/kernel/netlink/constants.ts'
import type {Encoded} from '../../src/kernel/netlink/template.ts'
import {VIP_DEVICE} from '../../src/state/addresses.ts'
import {makeIpvsEncoder} from '../ipvs-encoder.ts'
import {inFreshNetns, type Namespace} from '../namespace.ts'
import {makeSets, prepare, restoreSets} from '../prepare.ts'
import type {BenchState} from '../state.ts'
import {inTemporaryFolder} from '../temporary-folder.ts'
import {verify, verifyMembers} from '../verify.ts'
import {writeDatagrams} from './datagrams.ts'
import {ipvsMessages, memberMessages, needsDeviceUp, vipMessages} from './messages.ts'

export interface FloorResult {
	/** With one `ipset restore`: the sum of the next three. */
	readonly seconds: number
	readonly ipvsSeconds: number
	readonly vipSeconds: number
	readonly ipsetSeconds: number
	/** Without any process: set members are messages as well. */
	readonly netlinkSeconds: number
	/** Over netlink, those for set members left out. */
	readonly messages: number
	readonly sends: number
}

const SOURCE = new URL('floor.c', import.meta.url)

/** The least time in which this kernel can be given this state. */
export const measureFloor = (state: BenchState): Promise<FloorResult> =>
	inFreshNetns(namespace => loadFloor(namespace, state))

/** The same in a namespace that stays; rejects with the first error of the kernel, and when anything is missing at the end. */
export const loadFloor = (namespace: Namespace, state: BenchState): Promise<FloorResult> =>
	inTemporaryFolder(async folder => {
		const device = await prepare(namespace, state, folder)
		if (needsDeviceUp(state)) {
			await namespace.run('ip', ['link', 'set', VIP_DEVICE, 'up'])
		}
		const send = (name: string, protocol: NetlinkProtocol, messages: readonly Encoded[]) =>
			sendAll(namespace, join(folder, name), protocol, messages)
		await makeSets(namespace, state, folder)
		const members = await send('members-by-netlink', NETLINK_NETFILTER, memberMessages(state))
		await verifyMembers(namespace, state)
		await namespace.run('ipset', ['destroy'])
		const ipsetSeconds = await restoreSets(namespace, state, folder)
		const ipvs = await send('ipvs', NETLINK_GENERIC, ipvsMessages(state, await makeIpvsEncoder()))
		const vips = await send('vips', NETLINK_ROUTE, vipMessages(state, device))
		await verify(namespace, state)
		return {
			seconds: ipvs.seconds + vips.seconds + ipsetSeconds,
			ipvsSeconds: ipvs.seconds,
			vipSeconds: vips.seconds,
			ipsetSeconds,
			netlinkSeconds: ipvs.seconds + vips.seconds + members.seconds,
			messages: ipvs.messages + vips.messages,
			sends: ipvs.sends + vips.sends,
		}
	})

const sendAll = async (
	namespace: Namespace,
	file: string,
	protocol: NetlinkProtocol,
	messages: readonly Encoded[],
): Promise<Pick<FloorResult, 'seconds' | 'messages' | 'sends'>> => {
	await writeDatagrams(file, protocol, messages)
	return JSON.parse(await namespace.run(await compile(SOURCE), [String(protocol), file]))
}
