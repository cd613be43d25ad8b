import type {ActualState, WantedState} from '../state/node-state.ts'
import type {Sysctl} from '../state/sysctl.ts'
import type {Operation} from './operation.ts'

/** Settings that differ, or that this kernel does not show at all. */
export const planSysctls = (wanted: WantedState, actual: ActualState): readonly Operation[] =>
	wanted.fixed.sysctls
		.filter(sysctl => !isMet(sysctl, actual.sysctls.get(sysctl.path)))
		.map(sysctl => ({kind: 'set-sysctl', sysctl}))

/** The present value is as good as the wanted one; undefined for one that this kernel does not show. */
export const isMet = ({value, isMinimum}: Sysctl, present: string | undefined): boolean =>
	present === value || (isMinimum === true && Number(present) >= Number(value))
