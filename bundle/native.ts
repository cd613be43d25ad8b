import {cp} from 'node:fs/promises'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))

/** Packages with a native part, and what of them is needed at run time; they find it by where they lie. */
const NEEDED = [
	'netlink/package.json',
	'netlink/LICENSE',
	'netlink/dist/raw.js',
	'netlink/prebuilds',
	'node-gyp-build',
	'koffi/package.json',
	'koffi/LICENSE.txt',
	'koffi/index.js',
	'koffi/index.cjs',
	'koffi/lib',
	'koffi/src',
	'@koromix',
]

/** The imports that stay as they are. */
export const NATIVE = ['netlink/dist/raw.js', 'koffi']

export const copyNative = async (outdir: string): Promise<void> => {
	for (const path of NEEDED) {
		await cp(join(MODULES, path), join(outdir, 'node_modules', path), {recursive: true, dereference: true})
	}
}
