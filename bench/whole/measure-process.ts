import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface, type Interface} from 'node:readline'
import {setTimeout as pause} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import type {Size} from '../objects.ts'
import {median} from '../own/statistics.ts'
import type {Command} from './api-server.ts'
import {type Product, startProduct} from './product.ts'
import {shippedProgram} from './program.ts'

export interface WholeProcess {
	readonly startup: {
		readonly firstSyncMs: number
		/** What the API server double used of the same CPU meanwhile. */
		readonly apiServerCpuMs: number
		readonly operations: number
	}
	readonly memory: {
		/** Some seconds after the first sync. */
		readonly rssMb: number
		readonly peakMb: number
		readonly churn?: MemoryUnderChurn
	}
	readonly restart: {readonly firstSyncMs: number; readonly operations: number}
}

export interface MemoryUnderChurn {
	readonly seconds: number
	readonly rssMb: number
	/** Over the last half of the time. */
	readonly growthPercent: number
	readonly samplesMb: readonly number[]
}

const SETTLE_MILLISECONDS = 5000
const SAMPLE_MILLISECONDS = 10_000

/** kube-lvs as it is shipped: it reads all objects from an API server, over TLS, and writes to the kernel. */
export const measureProcess = async (size: Size, churnSeconds: number): Promise<WholeProcess> => {
	const folder = await mkdtemp(join(tmpdir(), 'kube-lvs-bench-'))
	const kubeconfig = join(folder, 'kubeconfig')
	const program = await shippedProgram(join(folder, 'program'))
	const apiServer = await startApiServerDouble(size, kubeconfig)
	try {
		const before = await apiServer.ask({cpu: true})
		const product = await startProduct(program, kubeconfig, folder)
		const after = await apiServer.ask({cpu: true})
		const apiServerCpuMs = Number(after.cpuMs) - Number(before.cpuMs)
		await pause(SETTLE_MILLISECONDS)
		const settled = await product.memory()
		const churn = churnSeconds > 0 ? await memoryUnderChurn(product, apiServer, churnSeconds) : undefined
		// The last changes are in the kernel by then: the next process shall find nothing to do.
		await pause(churn ? SETTLE_MILLISECONDS : 0)
		await product.stop()
		const again = await startProduct(program, kubeconfig, folder)
		await again.stop()
		return {
			startup: {firstSyncMs: product.firstSyncMs, apiServerCpuMs, operations: product.operations},
			memory: {...settled, ...(churn ? {churn} : {})},
			restart: {firstSyncMs: again.firstSyncMs, operations: again.operations},
		}
	} finally {
		apiServer.child.kill('SIGKILL')
		await rm(folder, {recursive: true, force: true})
	}
}

interface ApiServerDouble {
	readonly child: ChildProcess
	readonly ask: (command: Command) => Promise<Record<string, unknown>>
}

const startApiServerDouble = async (size: Size, kubeconfig: string): Promise<ApiServerDouble> => {
	const main = fileURLToPath(new URL('api-server.ts', import.meta.url))
	const child = spawn(process.execPath, [main, JSON.stringify(size), kubeconfig], {stdio: ['pipe', 'pipe', 'inherit']})
	const lines = createInterface({input: child.stdout})
	const gone = once(child, 'exit').then(() => {
		throw new Error('the API server double ended')
	})
	gone.catch(() => undefined) // whoever waits for a line hears of it
	const nextLine = async (from: Interface): Promise<string> => Promise.race([once(from, 'line'), gone]).then(String)
	await nextLine(lines)
	const ask = async (command: Command) => {
		const answer = nextLine(lines)
		child.stdin.write(`${JSON.stringify(command)}\n`)
		return JSON.parse(await answer)
	}
	return {child, ask}
}

const memoryUnderChurn = async (
	product: Product,
	apiServer: ApiServerDouble,
	seconds: number,
): Promise<MemoryUnderChurn> => {
	const samplesMb: number[] = []
	let isOver = false
	const churn = apiServer.ask({churnSeconds: seconds}).finally(() => {
		isOver = true
	})
	while (!isOver) {
		await Promise.race([pause(SAMPLE_MILLISECONDS), churn])
		samplesMb.push((await product.memory()).rssMb)
	}
	await churn
	return {seconds, rssMb: samplesMb.at(-1) ?? Number.NaN, growthPercent: growthPercent(samplesMb), samplesMb}
}

/** From the beginning to the end of the last half; each the median of some samples, because it goes up and down. */
export const growthPercent = (samples: readonly number[]): number => {
	const half = samples.slice(Math.floor(samples.length / 2))
	const some = Math.max(Math.floor(half.length / 3), 1)
	const [begin, end] = [median(half.slice(0, some)), median(half.slice(-some))]
	return (end / begin - 1) * 100
}
