import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFile} from 'node:fs/promises'
import {createInterface} from 'node:readline'
import {CLUSTER_NETWORK, NODE_NAME} from '../objects.ts'

/** kube-lvs as it is shipped, in a process of its own. */
export interface Product {
	readonly child: ChildProcess
	/** From the start of the process to the line that says that the first sync is done. */
	readonly firstSyncMs: number
	/** That the first sync wrote. */
	readonly operations: number
	/** Resident memory in MB, now and at most. */
	readonly memory: () => Promise<{readonly rssMb: number; readonly peakMb: number}>
	readonly stop: () => Promise<void>
}

export const startProduct = async (program: string, kubeconfig: string, runtimeDirectory: string): Promise<Product> => {
	const flags = ['--kubeconfig', kubeconfig, '--node-name', NODE_NAME, '--cluster-cidr', CLUSTER_NETWORK]
	const start = performance.now()
	const child = spawn(program, ['run', ...flags, '--runtime-directory', runtimeDirectory], {
		stdio: ['ignore', 'pipe', 'inherit'],
		env: environment(),
	})
	const gone = once(child, 'exit')
	const lines = createInterface({input: child.stdout})
	const first = new Promise<Record<string, unknown>>((resolve, reject) => {
		lines.on('line', line => {
			const entry = parseLine(line)
			if (entry?.msg === 'first sync done') {
				resolve(entry)
			}
			if (entry && entry.level !== 'info') {
				process.stderr.write(`${line}\n`)
			}
		})
		gone.then(() => reject(new Error('kube-lvs ended before its first sync')), reject)
	})
	const {operations, failures} = await first
	const firstSyncMs = performance.now() - start
	if (Number(failures) > 0) {
		throw new Error(`${failures} operations of the first sync failed`)
	}
	return {
		child,
		firstSyncMs,
		operations: Number(operations),
		memory: () => memoryOf(child.pid),
		stop: async () => {
			child.kill('SIGTERM')
			await gone
		},
	}
}

/** As in a container: without the cache of compiled JavaScript that test kernels have. */
const environment = (): NodeJS.ProcessEnv => {
	const {NODE_COMPILE_CACHE: _, ...rest} = process.env
	return {...rest, NODE_ENV: 'production'}
}

const parseLine = (line: string): Record<string, unknown> | undefined => {
	try {
		return JSON.parse(line)
	} catch {
		return undefined
	}
}

/** proc(5): `VmRSS:	  123456 kB` */
const memoryOf = async (pid: number | undefined) => {
	const status = await readFile(`/proc/${pid}/status`, 'utf8')
	const megabytes = (field: string) =>
		(Number(new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN) * 1024) / 1e6
	return {rssMb: megabytes('VmRSS'), peakMb: megabytes('VmHWM')}
}
