import {mkdtemp, rename, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {KubernetesObject} from './objects.ts'

/** A folder of objects for `kube-lvs run --source`. All are in one file, so that what is changed at once is read at once. */
export class ObjectsFolder {
	readonly path: string
	readonly #objects = new Map<string, KubernetesObject>()

	constructor(path: string) {
		this.path = path
	}

	static async create(): Promise<ObjectsFolder> {
		return new ObjectsFolder(await mkdtemp(join(tmpdir(), 'kube-lvs-objects-')))
	}

	/** Creates or replaces objects. */
	async apply(...objects: readonly KubernetesObject[]): Promise<void> {
		for (const object of objects) {
			this.#objects.set(keyOf(object.kind, object.metadata.name), object)
		}
		await this.#write()
	}

	async delete(kind: string, name: string): Promise<void> {
		this.#objects.delete(keyOf(kind, name))
		await this.#write()
	}

	async remove(): Promise<void> {
		await rm(this.path, {recursive: true, force: true})
	}

	async #write(): Promise<void> {
		const file = join(this.path, 'objects.yaml')
		const documents = [...this.#objects.values()].map(object => JSON.stringify(object))
		await writeFile(`${file}.tmp`, documents.join('\n---\n'))
		await rename(`${file}.tmp`, file)
	}
}

const keyOf = (kind: string, name: string): string => `${kind} ${name}`
