import type {ActualState, WantedState} from '../state/node-state.ts'
import type {Operation} from './operation.ts'

/** Settings that differ, or that this kernel does not show at all. */
export const planSysctls = (wanted: WantedState, actual: ActualState): readonly Operation[] =>
	wanted.fixed.sysctls
		.filter(({path, value}) => actual.sysctls.get(path) !== value)
		.map(sysctl => ({kind: 'set-sysctl', sysctl}))
