/** `node bench/scaling/write.ts FILE`: docs/scaling.md, from the JSON file of a run of `npm run bench` with two sizes. */
import {readFile, writeFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {reportOf} from '../result.ts'
import {measureBytes} from './costs.ts'
import {renderScaling} from './page.ts'

const PAGE = fileURLToPath(new URL('../../docs/scaling.md', import.meta.url))

const [file] = process.argv.slice(2)
if (!file) {
	throw new Error('usage: node bench/scaling/write.ts FILE')
}
const report = reportOf(JSON.parse(await readFile(file, 'utf8')))
await writeFile(PAGE, renderScaling(report, measureBytes()))
