import type {Machine} from './machine.ts'
import type {MeasurementName} from './measurement-names.ts'
import type {ResultOf} from './measurements.ts'

/** What the measurements gave, as they gave it. */
export interface RawResults {
	readonly machine: Machine
	readonly runs: readonly RawRun[]
}

export interface RawRun {
	readonly services: number
	readonly endpoints: number
	readonly results: {readonly [Name in MeasurementName]?: ResultOf<Name>}
	/** Why there is no result. */
	readonly failures: {readonly [Name in MeasurementName]?: string}
}
