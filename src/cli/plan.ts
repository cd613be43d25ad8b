import type {Config} from '../config/fields.ts'
import {readMirror} from '../controller/sync.ts'
import {createLog} from '../observe/log.ts'
import {formatOperation} from '../plan/format-operation.ts'
import {makePlan} from '../plan/plan.ts'
import {wholeScope} from '../plan/scope.ts'
import {collectObjects} from './collect.ts'
import {openNode} from './open-node.ts'
import {openSource} from './open-source.ts'
import {type OutputFormat, print} from './output.ts'

/** Exit code when there is something to do; 1 is for errors. */
export const DIFFERENCE = 2

/** Prints what a sync would change and changes nothing. Returns the exit code. */
export const plan = async (config: Config, format: OutputFormat): Promise<number> => {
	const kernel = await openNode({load: false})
	try {
		const {source, close} = await openSource(config, createLog(config.logLevel))
		const model = await collectObjects(source, config, kernel)
		close()
		const actual = await readMirror(kernel, model.wanted)
		model.update(actual.hostAddresses)
		const {wanted} = model
		const scope = wholeScope(wanted, actual, config.excludeCIDRs)
		const operations = makePlan(scope, wanted, actual, config.vipBinding)
		const texts = operations.map(formatOperation)
		print(format, {operations: texts}, () => [...texts, `${texts.length} operations`])
		return operations.length > 0 ? DIFFERENCE : 0
	} finally {
		kernel.doors.netlink.close()
	}
}
