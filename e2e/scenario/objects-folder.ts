import {mkdtemp, rename, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {KubernetesObject} from './objects.ts'

/** A folder of objects, a file each, for `kube-lvs run --source`. */
export class ObjectsFolder {
	readonly path: string

	constructor(path: string) {
		this.path = path
	}

	static async create(): Promise<ObjectsFolder> {
		return new ObjectsFolder(await mkdtemp(join(tmpdir(), 'kube-lvs-objects-')))
	}

	/** Creates or replaces objects, each at once as a whole. */
	async apply(...objects: readonly KubernetesObject[]): Promise<void> {
		for (const object of objects) {
			const file = this.#file(object.kind, object.metadata.name)
			await writeFile(`${file}.tmp`, JSON.stringify(object))
			await rename(`${file}.tmp`, file)
		}
	}

	async delete(kind: string, name: string): Promise<void> {
		await rm(this.#file(kind, name))
	}

	async remove(): Promise<void> {
		await rm(this.path, {recursive: true, force: true})
	}

	#file(kind: string, name: string): string {
		return join(this.path, `${kind}-${name}.json`)
	}
}
