import type {Config} from '../config/fields.ts'
import {Ramps} from '../controller/ramps.ts'
import {readMirror} from '../controller/sync.ts'
import type {Kernel} from '../kernel/kernel.ts'
import {createLog} from '../observe/log.ts'
import {formatOperation} from '../plan/format-operation.ts'
import type {Operation} from '../plan/operation.ts'
import {makePlan} from '../plan/plan.ts'
import {wholeScope} from '../plan/scope.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'
import {collectObjects} from './collect.ts'
import {openSource} from './open-source.ts'
import {type OutputFormat, print} from './output.ts'
import {withNode} from './with-node.ts'

/** Exit code when there is something to do; 1 is for errors. */
export const DIFFERENCE = 2

/** Prints what a sync would change and changes nothing. Resolves with the exit code. */
export const plan = (config: Config, format: OutputFormat): Promise<number> =>
	withNode(config, {load: false}, async ({kernel}) => {
		const {operations} = await planFirstSync(config, kernel)
		const texts = operations.map(formatOperation)
		print(format, {operations: texts}, () => [...texts, `${texts.length} operations`])
		return operations.length > 0 ? DIFFERENCE : 0
	})

/** What the first sync of `run` would do now, and what it would go by. */
export const planFirstSync = async (config: Config, kernel: Kernel): Promise<FirstSync> => {
	const {source, close} = await openSource(config, createLog(config.logLevel, 2))
	const model = await collectObjects(source, config, kernel).finally(close)
	const actual = await readMirror(kernel, model.wanted)
	model.update(actual)
	const {wanted} = model
	const scope = wholeScope(wanted, actual)
	const ramps = new Ramps()
	ramps.look(scope.virtualServers, {wanted, actual}, 0)
	const operations = makePlan(scope, wanted, actual, {
		binding: config.vipBinding,
		draining: new Set(),
		expired: new Set(),
		ramping: ramps.weights,
	})
	return {wanted, actual, operations}
}

export interface FirstSync {
	readonly wanted: WantedState
	readonly actual: ActualState
	readonly operations: readonly Operation[]
}
