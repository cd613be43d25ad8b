import {fileURLToPath} from 'node:url'
import {type ExecaError, execa} from 'execa'
import {NODE_FLAGS} from '../bundle/node-flags.ts'
import type {MeasurementName} from './measurement-names.ts'
import type {ResultOf, Settings} from './measurements.ts'
import {inFreshNetns} from './namespace.ts'

const MEASURE = fileURLToPath(new URL('measure.ts', import.meta.url))

/** These make a network namespace themselves, for the programs that they run. */
const OF_PROGRAMS: ReadonlySet<MeasurementName> = new Set(['floor', 'ipvsadm', 'keepalived'])

/** One measurement in a process and a network namespace of its own, both gone afterwards. */
export const measureApart = async <Name extends MeasurementName>(
	name: Name,
	settings: Settings,
): Promise<ResultOf<Name>> => {
	const args = [...NODE_FLAGS, MEASURE, name, JSON.stringify(settings)]
	const run = OF_PROGRAMS.has(name)
		? execa(process.execPath, args).then(({stdout}) => stdout)
		: inFreshNetns(namespace => namespace.run(process.execPath, args))
	const stdout = await run.catch((error: ExecaError) => {
		throw new Error(`${error.stderr ?? error.message}`.trim().split('\n').slice(-LAST_LINES).join('\n'))
	})
	return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

/** Of what a measurement that failed has said. */
const LAST_LINES = 15
