import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {VIP_DEVICE} from '../src/state/addresses.ts'
import {renderMembers, renderSets} from './ipset-restore.ts'
import type {Namespace} from './namespace.ts'
import {runTimed} from './programs/run-timed.ts'
import type {BenchState} from './state.ts'

/**
 * What is there before the clock starts: the device, the sets without members, and the kernel's modules for schedulers,
 * which the first virtual server would load. Resolves with the device's index.
 */
export const prepare = async (namespace: Namespace, state: BenchState, folder: string): Promise<number> => {
	const sets = join(folder, 'sets')
	await writeFile(sets, renderSets(state))
	await runTimed(namespace, sets, 'ipset', ['restore'])
	await loadSchedulers(namespace, state)
	await namespace.run('ip', ['link', 'add', VIP_DEVICE, 'type', 'dummy'])
	const [link] = JSON.parse(await namespace.run('ip', ['-j', 'link', 'show', VIP_DEVICE])) as {ifindex: number}[]
	if (!link) {
		throw new Error(`${VIP_DEVICE} is not there although it was made`)
	}
	return link.ifindex
}

export const loadSchedulers = async (namespace: Namespace, {virtualServers}: BenchState): Promise<void> => {
	for (const scheduler of new Set(virtualServers.map(({server}) => server.scheduler))) {
		await namespace.run('ipvsadm', ['-A', '-f', '1', '-s', scheduler])
		await namespace.run('ipvsadm', ['-D', '-f', '1'])
	}
}

/** The seconds that one `ipset restore` of all members takes. */
export const restoreMembers = async (namespace: Namespace, state: BenchState, folder: string): Promise<number> => {
	const members = join(folder, 'members')
	await writeFile(members, renderMembers(state))
	return runTimed(namespace, members, 'ipset', ['restore'])
}
