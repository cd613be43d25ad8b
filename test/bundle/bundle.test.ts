import {hash} from 'node:crypto'
import {mkdtemp, readdir, readFile, rename, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join, relative} from 'node:path'
import {expect} from 'chai'
import {execa} from 'execa'
import {bundle, PROGRAM} from '../../bundle/bundle.ts'
import packageJson from '../../package.json' with {type: 'json'}

/** Of each file in a folder, by its path there. */
const digestsOf = async (folder: string): Promise<Readonly<Record<string, string>>> => {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true})
	const files = entries.filter(entry => entry.isFile()).map(({parentPath, name}) => join(parentPath, name))
	const digest = async (file: string) => hash('sha256', await readFile(file))
	return Object.fromEntries(await Promise.all(files.map(async file => [relative(folder, file), await digest(file)])))
}

describe('the bundle', function () {
	this.timeout(120_000)
	let folder: string
	let program: string
	let digests: Readonly<Record<string, string>>

	before(async () => {
		folder = await mkdtemp(join(tmpdir(), 'kube-lvs-bundle-'))
		await bundle(join(folder, 'built'))
		digests = await digestsOf(join(folder, 'built'))
		await rename(join(folder, 'built'), join(folder, 'moved'))
		program = join(folder, 'moved', PROGRAM)
	})

	after(() => rm(folder, {recursive: true, force: true}))

	/** Without the tests' own cache. */
	const run = (...args: readonly string[]) =>
		execa(program, args, {reject: false, env: {NODE_COMPILE_CACHE: undefined}, cwd: folder})

	it('runs wherever it lies', async () => {
		expect((await run('--version')).stdout).to.equal(packageJson.version)
		expect((await run('run', '--help')).stdout).to.include('--cluster-cidr')
	})

	it('loads netlink and the Kubernetes library, as far as a node without a cluster gets', async () => {
		const load = `await import('netlink/dist/raw.js'); await import('koffi')`
		const {exitCode, stderr} = await execa('node', ['--input-type=module', '-e', load], {
			cwd: join(folder, 'moved'),
			reject: false,
		})
		expect(stderr).to.equal('')
		expect(exitCode).to.equal(0)
	})

	it('has the licenses of what is in it', async () => {
		const licenses = await readFile(join(folder, 'moved', 'LICENSES.md'), 'utf8')
		for (const name of ['@kubernetes/client-node', 'commander', 'execa', 'pino', 'prom-client', 'yaml', 'zod']) {
			expect(licenses).to.include(`# ${name} `)
		}
		expect(licenses).to.not.include('# undici ')
	})

	it('is of ASCII alone, because V8 keeps other texts with two bytes for each letter', async () => {
		const moved = join(folder, 'moved')
		const programs = (await readdir(moved)).filter(name => name.endsWith('.mjs'))
		const texts = await Promise.all(programs.map(name => readFile(join(moved, name), 'latin1')))
		const others = programs.filter((_, at) => /[^\0-\x7f]/.test(texts[at] ?? ''))
		expect(programs).to.include('main.mjs')
		expect(others).to.deep.equal([])
	})

	it('is the same in every build', async () => {
		const built = join(folder, 'built')
		await bundle(built)
		const again = await digestsOf(built)
		await rm(built, {recursive: true})
		expect(again).to.deep.equal(digests)
	})

	it('has a cache of what is compiled', async () => {
		expect(await readdir(join(folder, 'moved', 'cache'))).to.have.length.above(0)
	})
})
