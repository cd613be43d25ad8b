/** `node bench/report/write.ts FILE`: docs/performance.md and its plot, from the JSON file of a run. */
import {readFile, writeFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {reportOf} from '../result.ts'
import {renderPage} from './page.ts'
import {renderPlots} from './plot.ts'
import {plotsOf} from './plots.ts'

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url))

const [file] = process.argv.slice(2)
if (!file) {
	throw new Error('usage: node bench/report/write.ts FILE')
}
const report = reportOf(JSON.parse(await readFile(file, 'utf8')))
await writeFile(`${DOCS}performance.md`, renderPage(report))
await writeFile(`${DOCS}performance.svg`, renderPlots(plotsOf(report.runs)))
