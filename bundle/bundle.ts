import {chmod, copyFile, readFile, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'
import {execa} from 'execa'
import {builtins} from './builtins.ts'
import {licensesOf} from './licenses.ts'
import {copyNative, NATIVE} from './native.ts'
import {NODE_FLAGS} from './node-flags.ts'
import {unused} from './unused.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The program in the folder that `bundle` writes. */
export const PROGRAM = 'kube-lvs.mjs'

/**
 * Writes the program with all that it needs besides Node.js into a folder, which may then lie anywhere. What only some
 * runs need is in files of its own, as it is behind an `import()` in the sources.
 */
export const bundle = async (outdir: string): Promise<void> => {
	await rm(outdir, {recursive: true, force: true})
	const {metafile} = await build({
		absWorkingDir: ROOT,
		entryPoints: {main: 'src/main.ts'},
		outdir,
		outExtension: {'.js': '.mjs'},
		bundle: true,
		splitting: true,
		format: 'esm',
		platform: 'node',
		target: 'node22',
		external: NATIVE,
		plugins: [builtins, unused],
		// Packages of CommonJS ask for modules by names that are known only at run time.
		banner: {js: "const {require} = {require: process.getBuiltinModule('node:module').createRequire(import.meta.url)}"},
		define: {'process.env.NODE_ENV': '"production"'},
		legalComments: 'none',
		metafile: true,
	})
	await Promise.all(Object.keys(metafile.outputs).map(path => toASCII(join(ROOT, path))))
	await copyFile(START, join(outdir, PROGRAM))
	await chmod(join(outdir, PROGRAM), 0o755)
	await writeFile(join(outdir, 'LICENSES.md'), await licensesOf(metafile))
	await copyNative(outdir)
	await fillCache(outdir)
}

/** One letter beyond ASCII, in a comment even, and V8 takes two bytes for each of the text, all the time. */
const toASCII = async (path: string): Promise<void> => {
	const text = await readFile(path, 'utf8')
	const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
	await writeFile(path, text.replaceAll(/[^\0-\x7f]/g, escaped))
}

const START = fileURLToPath(new URL('start.mjs', import.meta.url))

/**
 * Whatever has been compiled by the end of a run is in the cache: here it is all that is needed to begin with. V8 keeps
 * texts in it with hashes, by a seed that is random unless it is given: with one, the same comes of every build.
 */
const fillCache = async (outdir: string): Promise<void> => {
	await execa('node', ['--random-seed=1', ...NODE_FLAGS, join(outdir, PROGRAM), 'run', '--help'])
}
