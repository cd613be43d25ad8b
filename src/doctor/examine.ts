import type {Config} from '../config/fields.ts'
import {fixedState, NO_NETWORKS} from '../desired/fixed.ts'
import type {Doors, FilesDoor} from '../kernel/doors.ts'
import {openKernel} from '../kernel/kernel.ts'
import type {Capabilities} from '../kernel/prepare.ts'
import {SysctlClient} from '../kernel/sysctl/client.ts'
import {balancingTrials} from './balancing.ts'
import {type Finding, found, notTried, type Trial} from './finding.ts'
import {networkTrials} from './network.ts'
import {examineRights} from './rights.ts'
import {ruleTrials} from './rules.ts'
import {examineSettings} from './settings.ts'

export interface Patient {
	readonly config: Config
	/** What is known of the node. */
	readonly capabilities: Capabilities
	/** To the node itself. */
	readonly doors: Doors
	/** Whether this process may write a file. */
	readonly mayWrite: (path: string) => Promise<boolean>
	/** Gives doors to a network namespace that is nobody's, or undefined where this process may have none. */
	readonly openScratch: () => Promise<Doors | undefined>
}

/** All that kube-lvs uses on a node, and whether it is there. Nothing stays that was made for it. */
export const examine = async (patient: Patient): Promise<readonly Finding[]> => {
	const {config, capabilities, doors, mayWrite} = patient
	const {facts, missing} = capabilities
	return [
		...examineRights((await doors.files.read('/proc/self/status')) ?? ''),
		await examineFolder(doors.files, config),
		...missing.map(({what, remedy}) => found({what, need: 'required', without: NOTHING, remedy}, 'not found')),
		...(await examineSettings(new SysctlClient(doors.files), config, facts, mayWrite)),
		...(await examineInScratch(patient)),
	]
}

const NOTHING = 'no Service is served'

const examineFolder = async (files: FilesDoor, {runtimeDirectory}: Config): Promise<Finding> => {
	const file = `${runtimeDirectory}/doctor`
	const trouble = await files
		.replace(file, '')
		.then(() => files.remove(file))
		.catch((error: Error) => error.message)
	return found(
		{
			what: `the folder ${runtimeDirectory}`,
			need: 'required',
			without: 'there is no socket for `kube-lvs status`, and nothing keeps a second kube-lvs from starting',
			remedy: 'mount it from the node, writable; or name another one in the field runtimeDirectory',
		},
		trouble ?? undefined,
	)
}

const examineInScratch = async ({config, capabilities, openScratch}: Patient): Promise<readonly Finding[]> => {
	const {facts, variant} = capabilities
	const trials: readonly Trial[] = [
		...balancingTrials(config, facts),
		...networkTrials(config, facts),
		...ruleTrials(fixedState(config, NO_NETWORKS, facts).rulesets, variant),
	]
	const doors = await openScratch()
	if (!doors) {
		return trials.map(({subject}) => notTried(subject))
	}
	const kernel = openKernel(doors, facts, variant)
	const findings: Finding[] = []
	for (const {subject, run} of trials) {
		findings.push(found(subject, await run(kernel).catch((error: Error) => error.message)))
	}
	doors.netlink.close()
	return findings
}
