import {statfsSync} from 'node:fs'
import {chmod, copyFile, mkdtemp, writeFile} from 'node:fs/promises'
import {tmpdir, totalmem} from 'node:os'
import {basename, join} from 'node:path'
import type {Job} from './kernel.ts'
import {umlPreload} from './uml-preload.ts'

const MEGABYTE = 1024 * 1024

/** The guest's memory is a sparse file on the host: what is not used costs nothing. */
const MEMORY = Math.min(3072, Math.floor((totalmem() / MEGABYTE) * 0.75))

/** A folder for one run, where host and guest meet: the init script, the command, the status. */
export const makeRunFolder = async (job: Job): Promise<string> => {
	const folder = await mkdtemp(join(tmpdir(), 'kube-lvs-uml-'))
	for (const name of ['uml-init.sh', 'uml-exec.pl']) await copyFile(new URL(name, import.meta.url), join(folder, name))
	await chmod(join(folder, 'uml-init.sh'), 0o755)
	await writeFile(join(folder, 'command'), encodeJob(job))
	return folder
}

/** NUL ends each part, the one byte that no path, argument or variable can hold. `uml-exec.pl` reads it. */
const encodeJob = ({command, cwd, env}: Job): string => {
	const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
	return [cwd, String(command.length), ...command, ...variables].map(part => `${part}\0`).join('')
}

export const umlArguments = (
	folder: string,
	consoles: {readonly log: number; readonly stdout: number; readonly stderr: number},
): readonly string[] => [
	`mem=${MEMORY}M`,
	...['root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'rw', `init=${folder}/uml-init.sh`],
	...[`con0=null,fd:${consoles.log}`, `con1=null,fd:${consoles.stdout}`, `con2=null,fd:${consoles.stderr}`, 'con=null'],
	...[`umid=${basename(folder)}`, `uml_dir=${folder}/`],
	'quiet',
]

/** Memory goes to /dev/shm, unless that is too small (64 MB in many containers: the guest would die of a bus error). */
export const umlEnvironment = async (folder: string): Promise<NodeJS.ProcessEnv> => {
	const {PATH} = process.env
	return {PATH, LD_PRELOAD: await umlPreload(), TMPDIR: hasRoom('/dev/shm') ? '/dev/shm' : folder}
}

const hasRoom = (path: string): boolean => {
	try {
		const {bavail, bsize} = statfsSync(path)
		return bavail * bsize > MEMORY * MEGABYTE
	} catch {
		return false
	}
}
