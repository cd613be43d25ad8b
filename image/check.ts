/**
 * `npm run image:check [-- FOLDER]`: makes the file tree of the image by the steps of the Dockerfile, without Docker, and
 * runs `kube-lvs doctor` from it on the test kernel. As root, on Debian with debootstrap, npm and a network. The bases are
 * not the published images: Debian is made by debootstrap, Node.js is the one that runs this.
 */
import {existsSync} from 'node:fs'
import {cp, mkdir, mkdtemp, readFile, realpath, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {parseDockerfile} from './dockerfile.ts'
import {buildTree} from './tree.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** What debootstrap has downloaded. */
const CACHE = join(ROOT, 'node_modules/.cache/debootstrap')
const LOUD = {stdio: 'inherit'} as const

/** Folders of the kernel in the tree, as a container runtime mounts them, and modules, as the chart does. */
const EXAMINE = `
	modules=$(readlink -f "/lib/modules/$(uname -r)")
	mkdir -p "$0/lib/modules/$(uname -r)"
	mount --bind "$modules" "$0/lib/modules/$(uname -r)"
	mount -t proc proc "$0/proc"
	mount -t sysfs sysfs "$0/sys"
	mount -t tmpfs tmpfs "$0/run"
	exec env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot "$0" kube-lvs doctor --prepare
`

const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), 'kube-lvs-image-')))

const makeBase = async (image: string, root: string): Promise<void> => {
	const [, name, release] = /^(debian|node):(?:\S*-)?(\w+)-slim$/.exec(image) ?? []
	if (!name || !release) {
		throw new Error(`${image}: only slim images of debian and node can be made here`)
	}
	await mkdir(CACHE, {recursive: true})
	const debian = join(folder, `debian-${release}`)
	if (!existsSync(debian)) {
		await execa('debootstrap', ['--variant=minbase', `--cache-dir=${CACHE}`, release, debian], LOUD)
	}
	await execa('cp', ['-a', `${debian}/.`, root], LOUD)
	if (name === 'node') {
		const {stdout: npm} = await execa('sh', ['-c', 'readlink -f "$(command -v npm)"'])
		await cp(await realpath(process.execPath), join(root, 'usr/local/bin/node'))
		await cp(join(npm, '../..'), join(root, 'usr/local/lib/node_modules/npm'), {recursive: true})
		await execa('ln', ['-s', '../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm')])
	}
}

try {
	const {stdout: registry} = await execa('npm', ['config', 'get', 'registry'])
	const tree = await buildTree(parseDockerfile(await readFile(join(ROOT, 'Dockerfile'), 'utf8')), {
		...{context: ROOT, folder, makeBase},
		env: {
			...{DEBIAN_FRONTEND: 'noninteractive', npm_config_registry: registry},
			NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS ?? '',
		},
	})
	await execa('du', ['-sh', tree], LOUD)
	await execa('node', [join(ROOT, 'e2e/kernel/run.ts'), 'sh', '-ec', EXAMINE, tree], LOUD)
} finally {
	if (!process.argv[2]) {
		await rm(folder, {recursive: true, force: true})
	}
}
