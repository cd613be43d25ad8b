/**
 * `node bench/measure.ts NAME SETTINGS`: one measurement, in the network namespace and the process that it is started
 * in. The settings are JSON; so is the result, the last line on stdout.
 */
import type {MeasurementName} from './measurement-names.ts'
import {MEASUREMENTS, type Settings} from './measurements.ts'

const [name = '', settings = '{}'] = process.argv.slice(2)
if (!(name in MEASUREMENTS)) {
	throw new Error(`no measurement is called ${name}`)
}
const result = await MEASUREMENTS[name as MeasurementName](JSON.parse(settings) as Settings)
process.stdout.write(`\n${JSON.stringify(result)}\n`)
