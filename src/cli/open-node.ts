import type {Config} from '../config/fields.ts'
import {tuningOf} from '../desired/sysctl.ts'
import type {Doors} from '../kernel/doors.ts'
import {probeScheduler} from '../kernel/ipvs/probe-scheduler.ts'
import {ensureTimeouts} from '../kernel/ipvs/timeouts.ts'
import {type Kernel, openKernel} from '../kernel/kernel.ts'
import {type Capabilities, prepareKernel} from '../kernel/prepare.ts'
import {SysctlClient} from '../kernel/sysctl/client.ts'
import {FormerSettings} from '../kernel/sysctl/former-settings.ts'
import {tryTuning} from '../kernel/sysctl/try-tuning.ts'
import {Failure} from './failure.ts'

/** This node, as far as it is known before the first sync. */
export interface OpenNode {
	readonly kernel: Kernel
	/** What kernel settings were before we changed them. */
	readonly former: FormerSettings
	/** What is served worse than it could be, and why; for the log. */
	readonly warnings: readonly string[]
}

/**
 * Fails with all that the node lacks and what to do about each. With `load` what is needed once is done: modules are
 * loaded, the scheduler is tried out, and what speeds up connection tracking and bounds connections is set.
 */
export const openNode = async (doors: Doors, config: Config, {load}: {readonly load: boolean}): Promise<OpenNode> => {
	const capabilities = await prepareKernel(doors, {load})
	demand(capabilities.missing)
	const former = new FormerSettings(doors.files, config.runtimeDirectory)
	return load
		? setUp(doors, config, {capabilities, former})
		: {kernel: openKernel(doors, capabilities.facts, capabilities.variant), former, warnings: capabilities.warnings}
}

const demand = (missing: Capabilities['missing']): void => {
	if (missing.length > 0) {
		const lines = missing.map(({what, remedy}) => `  ${what}: ${remedy}`)
		throw new Failure(`this node lacks what a service proxy for IPVS needs:\n${lines.join('\n')}`)
	}
}

interface Prepared {
	readonly capabilities: Capabilities
	readonly former: FormerSettings
}

const setUp = async (doors: Doors, config: Config, {capabilities, former}: Prepared): Promise<OpenNode> => {
	const {facts, variant, warnings} = capabilities
	const tuned = await tryTuning(new SysctlClient(doors.files, former), tuningOf(config, facts))
	const kernel = openKernel(doors, {...facts, tunable: tuned.tunable}, variant, former)
	const missing = await probeScheduler(kernel.ipvs, config.scheduler)
	demand(missing ? [missing] : [])
	const failed = await trySetTimeouts(kernel, config, former)
	return {kernel, former, warnings: [...warnings, ...tuned.warnings, ...failed]}
}

/** Not worth a node without service: a failure is a warning, as with kube-proxy. */
const trySetTimeouts = async (kernel: Kernel, config: Config, former: FormerSettings): Promise<readonly string[]> => {
	const seconds = (milliseconds: number) => Math.trunc(milliseconds / 1000)
	const timeouts = {
		tcpSeconds: seconds(config.tcpTimeout),
		tcpFinSeconds: seconds(config.tcpFinTimeout),
		udpSeconds: seconds(config.udpTimeout),
	}
	try {
		await ensureTimeouts(kernel.ipvs, timeouts, former)
		return []
	} catch (error) {
		return [`the timeouts of IPVS could not be set: ${error instanceof Error ? error.message : error}`]
	}
}
