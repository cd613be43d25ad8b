import {existsSync, globSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PAGES = globSync('**/*.md', {cwd: ROOT, exclude: ['node_modules', 'dist']}).sort()
const SOURCES = globSync('{src,test,e2e,bench,bundle,docs,manifests}/**/*.ts', {cwd: ROOT}).map(path => `/${path}`)

const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8')

/** Without blocks of code, whose lines are no headings and no links. */
const proseOf = (page: string): string => textOf(page).replaceAll(/^```[\s\S]*?^```/gm, '')

/** Links within the repository: a path, an anchor or both. */
const linksOf = (text: string): readonly string[] =>
	[...text.matchAll(/\]\(([^)\s]+)\)/g)].map(match => match[1] ?? '').filter(link => !/^[a-z]+:/.test(link))

/** The anchors of a page, as GitHub makes them of its headings; of equal ones the second gets `-1`, and so on. */
const anchorsOf = (page: string): readonly string[] => {
	const seen = new Map<string, number>()
	return [...proseOf(page).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = '']) => {
		const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
		const anchor = plain.replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '').replaceAll(' ', '-')
		const before = seen.get(anchor) ?? 0
		seen.set(anchor, before + 1)
		return before === 0 ? anchor : `${anchor}-${before}`
	})
}

const leadsSomewhere = (page: string, link: string): boolean => {
	const [path = '', anchor] = link.split('#')
	const target = path ? join(dirname(page), path) : page
	return existsSync(join(ROOT, target)) && (!anchor || !target.endsWith('.md') || anchorsOf(target).includes(anchor))
}

/** Names of sources in backquotes, as tables of READMEs have them. */
const sourcesOf = (text: string): readonly string[] =>
	[...text.matchAll(/`([\w-][\w./-]*\.ts)`/g)].map(match => match[1] ?? '')

describe('the documentation', () => {
	for (const page of PAGES) {
		it(`links to files and headings that exist, and names sources that do: ${page}`, () => {
			const broken = linksOf(proseOf(page)).filter(link => !leadsSomewhere(page, link))
			const unknown = sourcesOf(textOf(page)).filter(name => !SOURCES.some(source => source.endsWith(`/${name}`)))
			expect({broken, unknown}).to.deep.equal({broken: [], unknown: []})
		})
	}
})
