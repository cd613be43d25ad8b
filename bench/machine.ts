import {cpus, release, totalmem} from 'node:os'

/** Where it was measured, and with what. */
export interface Machine {
	readonly cpu: string
	readonly cores: number
	readonly memoryGb: number
	/** The version of the kernel that was measured, and what kind of test kernel it is. */
	readonly kernel: string
	readonly kernelKind: string
	readonly node: string
}

/** Of the kernel that this runs in; User-mode Linux does not say which CPU is below it. */
export const describeMachine = (): Machine => ({
	cpu: cpus()[0]?.model.trim() ?? '',
	cores: cpus().length,
	memoryGb: Math.round(totalmem() / 2 ** 30),
	kernel: release(),
	kernelKind: process.env.KUBE_LVS_KERNEL ?? '',
	node: process.version,
})
