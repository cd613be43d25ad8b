import type {Config} from '../config/fields.ts'
import {askLocally} from '../observe/local-client.ts'
import type {LocalStatus} from '../observe/local-server.ts'
import {Failure} from './failure.ts'

/** The kube-lvs that runs on this node, if any; fails when that cannot be told. */
export const findRunning = ({runtimeDirectory}: Pick<Config, 'runtimeDirectory'>): Promise<LocalStatus | undefined> =>
	askLocally(runtimeDirectory).catch(error => {
		throw new Failure(`whether kube-lvs runs on this node cannot be told: ${error.message}`)
	})
