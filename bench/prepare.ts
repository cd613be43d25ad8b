import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {VIP_DEVICE} from '../src/state/addresses.ts'
import {renderMembers, renderSets} from './ipset-restore.ts'
import type {Namespace} from './namespace.ts'
import {runTimed} from './programs/run-timed.ts'
import type {BenchState} from './state.ts'

/**
 * What is there before the clock starts: the device, and the kernel's modules for schedulers and sets, which the first of
 * each would load. Resolves with the device's index.
 */
export const prepare = async (namespace: Namespace, state: BenchState, folder: string): Promise<number> => {
	await loadSchedulers(namespace, state)
	await makeSets(namespace, state, folder)
	await namespace.run('ipset', ['destroy'])
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

/** Without members. */
export const makeSets = async (namespace: Namespace, state: BenchState, folder: string): Promise<void> => {
	await restore(namespace, folder, renderSets(state))
}

/**
 * The seconds of one `ipset restore` that makes the sets and fills them. Of a set that was there before, ipset asks the
 * kernel for each member again what it is, and takes twice as long.
 */
export const restoreSets = (namespace: Namespace, state: BenchState, folder: string): Promise<number> =>
	restore(namespace, folder, renderSets(state) + renderMembers(state))

const restore = async (namespace: Namespace, folder: string, text: string): Promise<number> => {
	const file = join(folder, 'sets')
	await writeFile(file, text)
	return runTimed(namespace, file, 'ipset', ['restore'])
}
