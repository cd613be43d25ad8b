import {isMet} from '../../plan/sysctl.ts'
import type {Sysctl} from '../../state/sysctl.ts'
import type {SysctlClient} from './client.ts'

/** Which settings this node lets us change, by path, and a warning that names the others. */
export interface Tuning {
	readonly tunable: ReadonlySet<string>
	readonly warnings: readonly string[]
}

/**
 * Sets what differs, once. What a network namespace or a container does not let us change is not asked for again: it is
 * for speed, and no sync shall fail for it.
 */
export const tryTuning = async (client: SysctlClient, tuning: readonly Sysctl[]): Promise<Tuning> => {
	const {sysctls} = await client.read(tuning.map(({path}) => path))
	const tunable = new Set<string>()
	const refused: string[] = []
	for (const sysctl of tuning) {
		const isRight = isMet(sysctl, sysctls.get(sysctl.path))
		const [error] = isRight ? [] : await client.apply([{kind: 'set-sysctl', sysctl}])
		if (error) {
			refused.push(`${sysctl.path} = ${sysctl.value} (${error.message})`)
		} else {
			tunable.add(sysctl.path)
		}
	}
	const warnings = refused.length > 0 ? [`kernel settings that cannot be tuned here: ${refused.join(', ')}`] : []
	return {tunable, warnings}
}
