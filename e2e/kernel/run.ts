/** `node e2e/kernel/run.ts COMMAND ARGS...`: the command, on a real IPVS kernel; its output and exit status are ours. */
import {chooseKernel} from './choose.ts'
import type {ExitCode, Start} from './kernel.ts'
import {startInNetns} from './netns.ts'
import {startInUml} from './uml.ts'

const STARTS: Readonly<Record<string, Start>> = {netns: startInNetns, uml: startInUml}

const main = async (command: readonly string[]): Promise<ExitCode> => {
	if (command.length === 0) throw new Error('usage: node e2e/kernel/run.ts COMMAND [ARGUMENT...]')
	const kernel = chooseKernel(process.env['KUBE_LVS_TEST_KERNEL'])
	const env = {...process.env, KUBE_LVS_KERNEL: kernel}
	const {exited, kill} = await (STARTS[kernel] as Start)({command, cwd: process.cwd(), env})
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => kill(signal))
	return exited
}

try {
	process.exitCode = await main(process.argv.slice(2))
} catch (error) {
	console.error(`e2e/kernel: ${(error as Error).message}`)
	process.exitCode = 1
}
