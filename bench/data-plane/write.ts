/** `node bench/data-plane/write.ts FILE`: docs/data-plane.md, from the JSON file of a run. */
import {readFile, writeFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {renderDataPlane} from './page.ts'

const PAGE = fileURLToPath(new URL('../../docs/data-plane.md', import.meta.url))

const [file] = process.argv.slice(2)
if (!file) {
	throw new Error('usage: node bench/data-plane/write.ts FILE')
}
await writeFile(PAGE, renderDataPlane(JSON.parse(await readFile(file, 'utf8'))))
