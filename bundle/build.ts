/** `npm run build [-- FOLDER]`: the program as one folder, `dist` unless another is named. */
import {resolve} from 'node:path'
import {bundle, PROGRAM} from './bundle.ts'

const outdir = resolve(process.argv[2] ?? 'dist')
await bundle(outdir)
console.log(`${outdir}/${PROGRAM}`)
