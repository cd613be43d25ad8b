/** `node e2e/kernel/run.ts COMMAND ARGS...`: the command, on a real IPVS kernel; its output and exit status are ours. */
import {fileURLToPath} from 'node:url'
import {chooseKernel, type KernelKind} from './choose.ts'
import type {ExitCode, Start} from './kernel.ts'
import {startInNetns} from './netns.ts'
import {startInUml} from './uml.ts'

const STARTS: Readonly<Record<KernelKind, Start>> = {netns: startInNetns, uml: startInUml, nft: startInNetns}

const main = async (command: readonly string[]): Promise<ExitCode> => {
	if (command.length === 0) throw new Error('usage: node e2e/kernel/run.ts COMMAND [ARGUMENT...]')
	const kernel = chooseKernel(process.env.KUBE_LVS_TEST_KERNEL)
	const {exited, kill} = await STARTS[kernel]({command, cwd: process.cwd(), env: environment(kernel)})
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => kill(signal))
	return exited
}

/**
 * The caller's, with the programs of root in PATH, colours where our stdout is a terminal though the guest's is not, and
 * with compiled JavaScript kept: it halves a start in UML.
 */
const environment = (kernel: KernelKind): NodeJS.ProcessEnv => ({
	NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/node-compile', import.meta.url)),
	...(process.stdout.isTTY && !process.env.NO_COLOR ? {FORCE_COLOR: '1'} : {}),
	...process.env,
	PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
	KUBE_LVS_KERNEL: kernel,
})

try {
	process.exitCode = await main(process.argv.slice(2))
} catch (error) {
	console.error(`e2e/kernel: ${(error as Error).message}`)
	process.exitCode = 1
}
