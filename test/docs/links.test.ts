import {existsSync, globSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PAGES = globSync('**/*.md', {cwd: ROOT, exclude: ['node_modules', 'dist']}).sort()
const SOURCES = globSync('{src,test,e2e,bench,bundle,docs,manifests}/**/*.ts', {cwd: ROOT}).map(path => `/${path}`)

/** Paths of links within the repository. */
const linksOf = (text: string): readonly string[] =>
	[...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(match => match[1] ?? '').filter(link => !/^[a-z]+:/.test(link))

/** Names of sources in backquotes, as tables of READMEs have them. */
const sourcesOf = (text: string): readonly string[] =>
	[...text.matchAll(/`([\w-][\w./-]*\.ts)`/g)].map(match => match[1] ?? '')

describe('the documentation', () => {
	for (const page of PAGES) {
		const text = readFileSync(join(ROOT, page), 'utf8')

		it(`links to files that exist, and names sources that do: ${page}`, () => {
			const broken = linksOf(text).filter(link => !existsSync(join(ROOT, dirname(page), link)))
			const unknown = sourcesOf(text).filter(name => !SOURCES.some(source => source.endsWith(`/${name}`)))
			expect({broken, unknown}).to.deep.equal({broken: [], unknown: []})
		})
	}
})
