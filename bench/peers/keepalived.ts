import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {inFreshNetns, type Namespace} from '../namespace.ts'
import {loadSchedulers} from '../prepare.ts'
import type {BenchState} from '../state.ts'
import {inTemporaryFolder} from '../temporary-folder.ts'
import {verifyServers} from '../verify.ts'
import {awaitRealServer, type Start} from './await-real-server.ts'
import {renderKeepalived} from './render.ts'
import {replaceRealServer} from './replace-real-server.ts'

/** Each is undefined when it took longer than the limit. */
export interface KeepalivedResult {
	/** From the start of the process until the kernel has all real servers. */
	readonly loadSeconds: number | undefined
	/** From the signal until the kernel has another real server in the place of one. */
	readonly reloadSeconds: number | undefined
	/** Resident memory of its processes after the first load, in units of 1,048,576 bytes. */
	readonly rssMb: number | undefined
}

export const measureKeepalived = (state: BenchState, limitSeconds = 600): Promise<KeepalivedResult> =>
	inFreshNetns(namespace => runKeepalived(namespace, state, limitSeconds))

/** The same in a namespace that stays, with keepalived at work in it; the real server of the reload is another then. */
export const runKeepalived = (
	namespace: Namespace,
	state: BenchState,
	limitSeconds: number,
): Promise<KeepalivedResult> =>
	inTemporaryFolder(async folder => {
		await loadSchedulers(namespace, state)
		const config = join(folder, 'keepalived.conf')
		await writeFile(config, renderKeepalived(state))
		// It works from top to bottom, so the last one tells that all are there; which is verified.
		const last = state.virtualServers.at(-1)
		const start: Start = {kind: 'start', command: ['keepalived', ...FLAGS, '-f', config, ...pidFiles(folder)]}
		const load = await awaitRealServer(namespace, {folder, server: last, start, limitSeconds})
		if (load.seconds === undefined) {
			return {loadSeconds: undefined, reloadSeconds: undefined, rssMb: undefined}
		}
		await verifyServers(namespace, state)
		const rssMb = await residentMemory(await namespace.processes())
		const changed = replaceRealServer(state)
		await writeFile(config, renderKeepalived(changed.state))
		const hangUp: Start = {kind: 'hangup', pid: load.pid}
		const reload = await awaitRealServer(namespace, {folder, server: changed.server, start: hangUp, limitSeconds})
		if (reload.seconds !== undefined) {
			await verifyServers(namespace, changed.state)
		}
		return {loadSeconds: load.seconds, reloadSeconds: reload.seconds, rssMb}
	})

/** In the foreground, and only what balances and checks: neither VRRP nor BFD. */
const FLAGS = ['--dont-fork', '--check']

/** Of a run beside others on one file system. */
const pidFiles = (folder: string): readonly string[] => [
	'-p',
	join(folder, 'parent.pid'),
	'-c',
	join(folder, 'check.pid'),
]

const residentMemory = async (pids: readonly number[]): Promise<number> => {
	const sizes = await Promise.all(
		pids.map(async pid => Number(/^VmRSS:\s*(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)),
	)
	return sizes.reduce((sum, kilobytes) => sum + kilobytes, 0) / 1024
}
