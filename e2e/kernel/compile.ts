import {createHash} from 'node:crypto'
import {access, mkdir, readFile, rename} from 'node:fs/promises'
import {arch} from 'node:os'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/programs', import.meta.url))
const OPTIONS = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror']

/** Compiles a C file with the system's compiler, once for each content; resolves with the path of what was made. */
export const compile = async (source: URL, options: readonly string[] = []): Promise<string> => {
	const text = await readFile(source)
	const digest = createHash('sha256').update(text).digest('hex').slice(0, 16)
	const program = `${CACHE}/${digest}-${arch()}`
	if (await exists(program)) {
		return program
	}
	await mkdir(CACHE, {recursive: true})
	const unfinished = `${program}.${process.pid}`
	await execa('cc', [...OPTIONS, ...options, '-o', unfinished, fileURLToPath(source)])
	await rename(unfinished, program)
	return program
}

const exists = async (path: string): Promise<boolean> =>
	access(path).then(
		() => true,
		() => false,
	)
