import {readdirSync, readFileSync} from 'node:fs'
import {join, posix} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'

const ROOT = fileURLToPath(new URL('../src/', import.meta.url))

/** Which folders (or files) of src/ a folder may import, besides itself. Imports go one way. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
	'compact.ts': [],
	'clock.ts': [],
	'back-off.ts': [],
	net: ['compact.ts'],
	config: ['net'],
	model: ['net', 'compact.ts'],
	state: ['net', 'compact.ts'],
	annotations: ['config', 'model', 'state', 'net'],
	desired: ['annotations', 'config', 'model', 'state', 'net', 'compact.ts'],
	plan: ['state', 'config', 'net', 'compact.ts'],
	ipvsadm: ['plan', 'state', 'net'],
	explain: ['annotations', 'config', 'model', 'state', 'desired', 'plan', 'net'],
	kubernetes: ['model', 'net', 'compact.ts', 'clock.ts', 'back-off.ts'],
	kernel: ['plan', 'state', 'net', 'clock.ts'],
	doctor: ['annotations', 'config', 'state', 'desired', 'plan', 'kernel', 'net'],
	observe: ['model', 'state', 'plan', 'config', 'net', 'clock.ts'],
}
const LOWER = Object.keys(MAY_IMPORT)
const LAYERS: Readonly<Record<string, readonly string[]>> = {
	...MAY_IMPORT,
	controller: LOWER,
	cli: [...LOWER, 'controller'],
	'main.ts': [...LOWER, 'controller', 'cli'],
}

/** Packages that only one module may touch. */
const ONE_DOOR: Readonly<Record<string, string>> = {
	netlink: 'kernel/netlink/raw-socket.ts',
	koffi: 'kernel/c-library.ts',
	execa: 'kernel/exec.ts',
}

const PURE = ['compact.ts', 'net', 'model', 'state', 'annotations', 'desired', 'plan', 'ipvsadm', 'explain', 'config']

/** What a pure folder does not know: time, chance, environment, files, sockets. */
const IMPURE = [
	/\bDate\s*\.\s*now\b/,
	/\bnew Date\b/,
	/\bMath\s*\.\s*random\b/,
	/\bprocess\s*\./,
	/\bconsole\s*\./,
	/\bglobalThis\b/,
	/\bset(?:Timeout|Interval|Immediate)\b/,
	/\bperformance\s*\./,
	/\bfetch\s*\(/,
]

const PURE_MODULES = ['ipaddr.js', 'zod', 'yaml', 'node:net', 'node:util']

/** `node:net` has sockets as well. */
const PURE_PART_OF_NET = 'import {isIPv4, isIPv6}'

const SUBSYSTEMS = ['ipvs', 'addresses', 'ipset', 'iptables', 'conntrack', 'sysctl']

/** No file is longer; most are shorter than 150. */
const MAX_LINES = 250

interface SourceFile {
	/** Below src/. */
	readonly path: string
	readonly text: string
	readonly imports: readonly string[]
}

/** Every way to name a module: import and export ... from, import for effect, import(), import types. */
const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"`])([^'"`\n]+)\1/g

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')

const FILES: readonly SourceFile[] = readdirSync(ROOT, {recursive: true, encoding: 'utf8'})
	.map(path => path.replaceAll('\\', '/'))
	.filter(path => path.endsWith('.ts'))
	.map(path => {
		const text = readFileSync(join(ROOT, path), 'utf8')
		return {path, text, imports: [...withoutComments(text).matchAll(SPECIFIER)].map(match => match[2] ?? '')}
	})

const layerOf = (path: string): string => path.split('/')[0] ?? ''

const inPureFolders = FILES.filter(({path}) => PURE.includes(layerOf(path)))

/** Everything that breaks a rule, a line each, so that one run shows all of it. */
const violations = (
	files: readonly SourceFile[],
	find: (file: SourceFile) => readonly (string | undefined)[],
): readonly string[] =>
	files.flatMap(file => find(file).flatMap(found => (found === undefined ? [] : [`src/${file.path}: ${found}`])))

describe('the architecture', () => {
	it('is looked at where the sources are', () => {
		expect(FILES.length).to.be.above(50)
		expect(FILES.flatMap(({imports}) => imports).length).to.be.above(200)
	})

	it('has a place in the layers for every file', () => {
		expect(
			violations(FILES, ({path}) => [layerOf(path) in LAYERS ? undefined : 'not in the import table']),
		).to.deep.equal([])
	})

	it('is documented: the import table of src/README.md is the one that is tested', () => {
		const names = (cell = ''): readonly string[] => [...cell.matchAll(/`([\w.-]+)`/g)].map(match => match[1] ?? '')
		const [section = ''] =
			/## Imports go one way[\s\S]*?\n## /.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? []
		const rows = [...section.matchAll(/^\| (`.+?) +\| (.+?) +\|$/gm)].map(row => row.slice(1))
		const documented = rows.flatMap(([folders, imports]) => names(folders).map(folder => [folder, names(imports)]))
		const highest = Object.keys(LAYERS).filter(layer => !(layer in MAY_IMPORT))
		expect(Object.fromEntries(documented)).to.deep.equal({
			...MAY_IMPORT,
			...Object.fromEntries(highest.map(layer => [layer, []])),
		})
		expect(rows.at(-1)).to.deep.equal([
			highest.map(layer => `\`${layer}\``).join(', '),
			'all of the above, each those before it',
		])
	})

	it('has imports that go one way', () => {
		const found = violations(FILES, ({path, imports}) =>
			imports
				.filter(name => name.startsWith('.') && name.endsWith('.ts'))
				.map(name => posix.normalize(posix.join(posix.dirname(path), name)))
				.filter(target => layerOf(target) !== layerOf(path))
				.map(target => (LAYERS[layerOf(path)]?.includes(layerOf(target)) ? undefined : `imports ${target}`)),
		)
		expect(found).to.deep.equal([])
	})

	for (const [name, door] of Object.entries(ONE_DOOR)) {
		it(`touches the package ${name} in ${door} only`, () => {
			const users = FILES.filter(({imports}) => imports.some(found => found === name || found.startsWith(`${name}/`)))
			expect(users.map(({path}) => path)).to.deep.equal([door])
		})
	}

	it('is pure in the middle: no clock, chance, environment or console', () => {
		const found = violations(inPureFolders, ({text}) => {
			const code = withoutComments(text)
			return IMPURE.map(pattern => pattern.exec(code)?.[0])
		})
		expect(found).to.deep.equal([])
	})

	it('is pure in the middle: no module with effects', () => {
		const found = violations(inPureFolders, ({text, imports}) => [
			...imports.map(name => (name.startsWith('.') || PURE_MODULES.includes(name) ? undefined : `imports ${name}`)),
			...[...withoutComments(text).matchAll(/(.*)\bfrom\s*['"]node:net['"]/g)].map(([line = '', names = '']) =>
				names.trim() === PURE_PART_OF_NET ? undefined : line,
			),
		])
		expect(found).to.deep.equal([])
	})

	it('has the six subsystems by the same names in every stage', () => {
		const paths = new Set(FILES.map(({path}) => path))
		const stages = ['state', 'desired', 'plan']
		const missing = SUBSYSTEMS.flatMap(name => [
			...stages.map(stage => `${stage}/${name}.ts`).filter(path => !paths.has(path)),
			...(FILES.some(({path}) => path.startsWith(`kernel/${name}/`)) ? [] : [`kernel/${name}/`]),
		])
		expect(missing).to.deep.equal([])
	})

	it('has short files, named exports, and no file that only passes on others', () => {
		const found = violations(FILES, ({path, text}) => {
			const lines = text.trimEnd().split('\n').length
			return [
				lines > MAX_LINES ? `${lines} lines` : undefined,
				/^\s*export\s+default\b|\bas default\b/m.test(text) ? 'default export' : undefined,
				/(?:^|\/)index\.ts$/.test(path) ? 'index file' : undefined,
				/^\s*export\s+(?:type\s+)?(?:\*|\{[^}]*\})\s+from\b/m.test(text) ? 'passes on an export' : undefined,
			]
		})
		expect(found).to.deep.equal([])
	})
})
