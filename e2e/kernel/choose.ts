import {spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {hasTiles} from './uml-preload.ts'

export type KernelKind = 'netns' | 'uml' | 'nft'

const IPVS_PROBE = fileURLToPath(new URL('netns-probe.sh', import.meta.url))
const NFT_PROBE = fileURLToPath(new URL('nft-probe.sh', import.meta.url))
const COMPILER = fileURLToPath(new URL('missing-compiler.sh', import.meta.url))
const ENTER = fileURLToPath(new URL('netns-enter.sh', import.meta.url))
export const UML_BINARY = 'linux.uml'

/**
 * The machine's own kernel where it can do IPVS, else User-mode Linux. `forced` (KUBE_LVS_TEST_KERNEL) allows one only;
 * `nft` is the machine's own, too, with nf_tables and perhaps without IPVS. Throws, with the reason against each kind tried, when none is possible: tests must not pass by not running.
 */
export const chooseKernel = (forced: string | undefined): KernelKind => {
	if (forced && !(forced in OBSTACLES)) throw new Error(`KUBE_LVS_TEST_KERNEL=${forced}: must be netns, uml or nft`)
	const kinds = forced ? [forced as KernelKind] : (['netns', 'uml'] as const)
	const reasons: string[] = []
	for (const kind of kinds) {
		const obstacle = OBSTACLES[kind]()
		if (obstacle === undefined) return kind
		reasons.push(`  ${kind}: ${obstacle}`)
	}
	throw new Error(`no kernel to be had here (sh e2e/setup.sh says what to install):\n${reasons.join('\n')}`)
}

/** Really tries, in a namespace that is gone afterwards: module lists and kernel configurations do not tell the truth. */
const netnsObstacle = (probe: string): string | undefined => {
	if (process.getuid?.() !== 0) return 'needs root'
	const {status, stderr, error} = spawnSync('unshare', ['--net', '--mount', 'sh', ENTER, 'sh', probe], {
		encoding: 'utf8',
	})
	if (error) return error.message
	return status === 0 ? undefined : stderr.trim() || `the probe ended with status ${status}`
}

const umlObstacle = (): string | undefined => {
	const folders = (process.env.PATH ?? '').split(':')
	if (!folders.some(folder => existsSync(`${folder}/${UML_BINARY}`))) return `${UML_BINARY} is not in PATH`
	if (!existsSync('/usr/lib/uml/modules')) return 'its modules are not in /usr/lib/uml/modules'
	if (!existsSync('/lib/modules')) return 'the folder /lib/modules is missing (the guest mounts its modules there)'
	const compiler = hasTiles() && spawnSync('sh', [COMPILER], {encoding: 'utf8'}).stdout
	return compiler ? `on a CPU with AMX it needs a C compiler:${compiler}` : undefined
}

const OBSTACLES: Readonly<Record<KernelKind, () => string | undefined>> = {
	netns: () => netnsObstacle(IPVS_PROBE),
	uml: umlObstacle,
	nft: () => netnsObstacle(NFT_PROBE),
}
