import {putBackTimeouts, TIMEOUTS} from './ipvs/timeouts.ts'
import type {Kernel} from './kernel.ts'
import type {FormerSetting, FormerSettings} from './sysctl/former-settings.ts'

/** What became of the settings that we had changed. */
export interface PutBack {
	readonly count: number
	/** A line for each that could not be put back. */
	readonly failures: readonly string[]
}

/**
 * Gives each setting that still has the value that we wrote its former value, the last one changed first. What somebody
 * else has changed since is theirs.
 */
export const putSettingsBack = async (kernel: Kernel, former: FormerSettings): Promise<PutBack> => {
	const failures: string[] = []
	let count = 0
	for (const [name, setting] of [...(await former.read())].reverse()) {
		try {
			count += (await putBack(kernel, name, setting)) ? 1 : 0
		} catch (error) {
			failures.push(`${name} = ${setting.former}: ${error instanceof Error ? error.message : error}`)
		}
	}
	if (failures.length === 0) {
		await former.forget()
	}
	return {count, failures}
}

/** Whether it was still ours. */
const putBack = (kernel: Kernel, name: string, setting: FormerSetting): Promise<boolean> =>
	name === TIMEOUTS ? putBackTimeouts(kernel.ipvs, setting) : kernel.sysctl.putBack(name, setting)
