import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Metafile} from 'esbuild'

/** The licenses of all packages of which something is in the bundle. */
export const licensesOf = async ({inputs}: Metafile): Promise<string> => {
	const folders = new Set(Object.keys(inputs).flatMap(path => PACKAGE.exec(path)?.[0] ?? []))
	const licenses = await Promise.all([...folders].sort().map(readLicense))
	return licenses.join('\n\n')
}

const PACKAGE = /^.*node_modules\/(@[^/]+\/)?[^/]+/

const readLicense = async (folder: string): Promise<string> => {
	const {name, version, license} = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
	const files = (await readdir(folder)).filter(file => /^licen[cs]e/i.test(file))
	const texts = await Promise.all(files.map(file => readFile(join(folder, file), 'utf8')))
	return [`# ${name} ${version} (${license})`, ...texts.map(text => text.trim())].join('\n\n')
}
