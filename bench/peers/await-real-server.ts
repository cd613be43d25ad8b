import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {compile} from '../../e2e/kernel/compile.ts'
import {addressToBytes} from '../../src/net/address.ts'
import type {VirtualServerState} from '../../src/state/ipvs.ts'
import {makeIpvsEncoder} from '../ipvs-encoder.ts'
import type {Namespace} from '../namespace.ts'

/** What makes a real server appear: a daemon that starts, or one that reads its configuration again. */
export type Start =
	| {readonly kind: 'start'; readonly command: readonly string[]}
	| {readonly kind: 'hangup'; readonly pid: number}

interface Awaited {
	readonly folder: string
	/** Awaited are all its real servers, the last one among them. */
	readonly server: VirtualServerState | undefined
	readonly start: Start
	readonly limitSeconds: number
}

const SOURCE = new URL('await-real-server.c', import.meta.url)

/** The daemon's process, and the seconds that it took; undefined for more than the limit. */
export const awaitRealServer = async (
	namespace: Namespace,
	{folder, server, start, limitSeconds}: Awaited,
): Promise<{readonly pid: number; readonly seconds: number | undefined}> => {
	const last = [...(server?.realServers.values() ?? [])].at(-1)
	if (!server || !last) {
		throw new Error('no real server to wait for')
	}
	const request = join(folder, 'request')
	const message = (await makeIpvsEncoder()).dumpDests(server.server)
	const bytes = new Uint8Array(message.size)
	message.write(bytes, 0)
	await writeFile(request, bytes)
	const output = await namespace.run(await compile(SOURCE), [
		request,
		String(server.realServers.size),
		Buffer.from(addressToBytes(last.address)).toString('hex'),
		String(limitSeconds),
		start.kind,
		...(start.kind === 'start' ? start.command : [String(start.pid)]),
	])
	const {pid, seconds} = JSON.parse(output) as {readonly pid: number; readonly seconds: number | null}
	return {pid, seconds: seconds ?? undefined}
}
