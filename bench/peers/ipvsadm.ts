import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {inFreshNetns, type Namespace} from '../namespace.ts'
import {prepare, restoreSets} from '../prepare.ts'
import {runTimed} from '../programs/run-timed.ts'
import type {BenchState} from '../state.ts'
import {inTemporaryFolder} from '../temporary-folder.ts'
import {verify} from '../verify.ts'
import {renderIpBatch, renderIpvsadm} from './render.ts'

export interface IpvsadmResult {
	/** The sum of the three. */
	readonly seconds: number
	readonly ipvsadmSeconds: number
	readonly ipBatchSeconds: number
	readonly ipsetSeconds: number
}

/** The tools that come with the kernel, in their fastest form: each one process for all objects. */
export const measureIpvsadm = (state: BenchState): Promise<IpvsadmResult> =>
	inFreshNetns(namespace => loadIpvsadm(namespace, state))

/** The same in a namespace that stays; rejects when a tool fails, and when anything is missing at the end. */
export const loadIpvsadm = (namespace: Namespace, state: BenchState): Promise<IpvsadmResult> =>
	inTemporaryFolder(async folder => {
		await prepare(namespace, state, folder)
		const [servers, vips] = [join(folder, 'servers'), join(folder, 'vips')]
		await writeFile(servers, renderIpvsadm(state))
		await writeFile(vips, renderIpBatch(state))
		const ipsetSeconds = await restoreSets(namespace, state, folder)
		const ipvsadmSeconds = await runTimed(namespace, servers, 'ipvsadm', ['-R'])
		const ipBatchSeconds = await runTimed(namespace, vips, 'ip', ['-batch', '-'])
		await verify(namespace, state)
		return {seconds: ipvsadmSeconds + ipBatchSeconds + ipsetSeconds, ipvsadmSeconds, ipBatchSeconds, ipsetSeconds}
	})
