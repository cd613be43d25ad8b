/** `npm run bench`: measures kube-lvs, the floor and the peers in a test kernel, and prints what came of it. */

import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFile, writeFile} from 'node:fs/promises'
import {cpus} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type Options, parseOptions, USAGE} from './options.ts'
import type {RawResults} from './raw-results.ts'
import {renderTable} from './report/table.ts'
import {fileOf, type Report, resultsOf} from './result.ts'
import {inTemporaryFolder} from './temporary-folder.ts'
import {shippedProgram} from './whole/program.ts'

const KERNEL = fileURLToPath(new URL('../e2e/kernel/run.ts', import.meta.url))
const INSIDE = fileURLToPath(new URL('inside.ts', import.meta.url))

const main = async (args: readonly string[]): Promise<number> => {
	let options: Options
	try {
		options = parseOptions(args)
	} catch (error) {
		process.stderr.write(`${(error as Error).message}\n${USAGE}\n`)
		return 1
	}
	return inTemporaryFolder(async folder => {
		const file = join(folder, 'results.json')
		const command = [process.execPath, INSIDE, file, JSON.stringify(options)]
		const child = spawn(process.execPath, [KERNEL, ...command], {
			stdio: ['ignore', 'inherit', 'inherit'],
			env: {...process.env, KUBE_LVS_PROGRAM: await shippedProgram(join(folder, 'program'))},
		})
		const [code] = await once(child, 'exit')
		// After a failure there is what was measured before it.
		const raw: RawResults = JSON.parse(await readFile(file, 'utf8'))
		const report = describe(raw, args)
		if (options.json) {
			await writeFile(options.json, `${JSON.stringify(fileOf(report), null, '\t')}\n`)
		}
		process.stdout.write(`\n${renderTable(report.runs)}\n`)
		return code ?? 1
	})
}

const describe = (raw: RawResults, args: readonly string[]): Report => ({
	machine: {...raw.machine, hostCpu: cpus()[0]?.model.trim() ?? '', hostCores: cpus().length},
	date: new Date().toISOString().slice(0, 10),
	arguments: args,
	runs: resultsOf(raw),
})

process.exitCode = await main(process.argv.slice(2))
