/**
 * `npm run bench:data-plane -- FILE`: measures in a test kernel what connections through VIPs cost, and writes the
 * numbers to the file. `node bench/data-plane/write.ts FILE` makes docs/data-plane.md of it.
 */
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFile, writeFile} from 'node:fs/promises'
import {cpus} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {inTemporaryFolder} from '../temporary-folder.ts'
import type {DataPlane} from './result.ts'

const KERNEL = fileURLToPath(new URL('../../e2e/kernel/run.ts', import.meta.url))
const MEASURE = fileURLToPath(new URL('measure.ts', import.meta.url))

const main = async ([file]: readonly string[]): Promise<number> => {
	if (!file) {
		process.stderr.write('usage: npm run bench:data-plane -- FILE\n')
		return 1
	}
	return inTemporaryFolder(async folder => {
		const inner = join(folder, 'results.json')
		const child = spawn(process.execPath, [KERNEL, process.execPath, MEASURE, inner], {stdio: 'inherit'})
		const [code] = await once(child, 'exit')
		if (code !== 0) {
			return code ?? 1
		}
		const {machine, ...measured}: DataPlane = JSON.parse(await readFile(inner, 'utf8'))
		const report: DataPlane = {
			...measured,
			machine: {...machine, hostCpu: cpus()[0]?.model.trim() ?? '', hostCores: cpus().length},
			date: new Date().toISOString().slice(0, 10),
		}
		await writeFile(file, `${JSON.stringify(report, null, '\t')}\n`)
		return 0
	})
}

process.exitCode = await main(process.argv.slice(2))
