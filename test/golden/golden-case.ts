import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {Config} from '../../src/config/fields.ts'
import {configOf} from './case-config.ts'

const CASES = fileURLToPath(new URL('cases/', import.meta.url))

/** Objects, a node, and the kernel state that kube-proxy made of them. */
export interface GoldenCase {
	readonly name: string
	/** The file of Kubernetes objects. */
	readonly objects: string
	readonly config: Config
	/** Commands that ran on the clean host before the proxy started, a line each. */
	readonly host: readonly string[]
	/** The lines of state.txt. */
	readonly state: readonly string[]
}

const linesOf = (path: string): readonly string[] =>
	readFileSync(path, 'utf8')
		.split('\n')
		.filter(line => line !== '')

/** All cases, in the order of their names. */
export const readCases = (): readonly GoldenCase[] =>
	readdirSync(CASES, {withFileTypes: true})
		.filter(entry => entry.isDirectory())
		.map(({name}) => name)
		.sort()
		.map(name => {
			const folder = join(CASES, name)
			const files = new Set(readdirSync(folder))
			const config = join(files.has('config.yaml') ? folder : CASES, 'config.yaml')
			return {
				name,
				objects: join(folder, 'objects.yaml'),
				config: configOf(readFileSync(config, 'utf8')),
				host: files.has('host.txt') ? linesOf(join(folder, 'host.txt')) : [],
				state: linesOf(join(folder, 'state.txt')),
			}
		})

export const caseNamed = (cases: readonly GoldenCase[], name: string): GoldenCase => {
	const found = cases.find(golden => golden.name === name)
	if (!found) {
		throw new Error(`no golden case ${name}`)
	}
	return found
}
