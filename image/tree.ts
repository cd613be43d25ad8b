import {cp, mkdir} from 'node:fs/promises'
import {basename, join, posix} from 'node:path'
import {execa} from 'execa'
import type {Stage, Step} from './dockerfile.ts'

export interface TreeParts {
	/** Where what is to be copied lies. */
	readonly context: string
	/** Stages go into folders of their own below it. */
	readonly folder: string
	/** Makes a folder the file tree of an image. */
	readonly makeBase: (image: string, root: string) => Promise<void>
	readonly env: Readonly<Record<string, string>>
}

/** Follows the steps of all stages, as a builder of images does, with chroot; resolves with the folder of the last one. */
export const buildTree = async (stages: readonly Stage[], parts: TreeParts): Promise<string> => {
	const roots = new Map<string, string>()
	let root = ''
	for (const [at, {base, name = String(at), steps}] of stages.entries()) {
		root = join(parts.folder, name)
		await mkdir(root, {recursive: true})
		await parts.makeBase(base, root)
		roots.set(name, root)
		const place: Place = {root, roots, workdir: '/', env: {...parts.env}}
		for (const step of steps) {
			console.log(`${name}: ${step.instruction} ${step.text}`)
			await follow(step, place, parts)
		}
	}
	return root
}

/** A stage under construction. */
interface Place {
	readonly root: string
	/** Of the stages so far. */
	readonly roots: ReadonlyMap<string, string>
	workdir: string
	readonly env: Record<string, string>
}

const follow = async ({instruction, text}: Step, place: Place, {context}: TreeParts): Promise<void> => {
	switch (instruction) {
		case 'WORKDIR':
			place.workdir = posix.resolve(place.workdir, text)
			await mkdir(join(place.root, place.workdir), {recursive: true})
			return
		case 'COPY':
			return copy(text, place, context)
		case 'RUN':
			await run(text, place)
			return
		case 'ENV': {
			const [key = '', value = ''] = text.split('=')
			place.env[key] = value
			return
		}
		// What a container is started with.
		case 'ENTRYPOINT':
		case 'CMD':
			return
		default:
			throw new Error(`Dockerfile: ${instruction} is not known here`)
	}
}

/** A folder is copied by what is in it; several things, or one to a path that ends in a slash, go into the target. */
const copy = async (text: string, {root, roots, workdir}: Place, context: string): Promise<void> => {
	const [, stage, paths = ''] = /^(?:--from=(\S+)\s+)?(.*)$/.exec(text) ?? []
	const from = stage ? roots.get(stage) : context
	const sources = paths.split(/\s+/)
	const target = sources.pop() ?? ''
	if (from === undefined) {
		throw new Error(`Dockerfile: no stage ${stage}`)
	}
	for (const source of sources) {
		const into = target.endsWith('/') || target === '.' ? join(target, basename(source)) : target
		await cp(join(from, source), join(root, posix.resolve(workdir, into)), {recursive: true, verbatimSymlinks: true})
	}
}

const run = (text: string, {root, workdir, env}: Place) =>
	execa('unshare', ['--mount', '--pid', '--fork', 'sh', '-ec', IN_TREE, root, workdir, text], {
		stdio: ['ignore', 'inherit', 'inherit'],
		env: {...env, PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root'},
		extendEnv: false,
	})

/** With names of hosts that can be found, and the certificates that Node.js is told to trust here. */
const IN_TREE = `
	mount -t proc proc "$0/proc"
	mount -t tmpfs tmpfs "$0/run"
	if [ -n "$NODE_EXTRA_CA_CERTS" ]; then
		cp "$NODE_EXTRA_CA_CERTS" "$0/run/certificates"
		export NODE_EXTRA_CA_CERTS=/run/certificates
	fi
	if [ -e /etc/resolv.conf ]; then
		: >>"$0/etc/resolv.conf"
		mount --bind /etc/resolv.conf "$0/etc/resolv.conf"
	fi
	exec chroot "$0" sh -ec 'cd "$0"; eval "$1"' "$1" "$2"
`
