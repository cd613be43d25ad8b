import {NODE_ANNOTATIONS} from '../annotations/fields.ts'
import {readSettings} from '../annotations/read.ts'
import type {ObjectKey} from '../model/object.ts'
import type {Problem} from '../model/problem.ts'

/** How much of the new connections the endpoints of a Node get, as far as Nodes say so. */
export class NodeWeights {
	readonly #all = new Map<ObjectKey, number>()

	/** By name. It changes in place. */
	get all(): ReadonlyMap<ObjectKey, number> {
		return this.#all
	}

	/** Takes in what a Node's annotations now are; gives whether its weight is another. */
	replace(node: ObjectKey, annotations: ReadonlyMap<string, string>): boolean {
		const before = this.#all.get(node)
		const {weight} = readNode(node, annotations).settings
		weight === undefined ? this.#all.delete(node) : this.#all.set(node, weight)
		return before !== weight
	}
}

/** Each node tells of its own Node. */
export const problemsOfNode = (name: string, annotations: ReadonlyMap<string, string>): readonly Problem[] =>
	readNode(name, annotations).problems.map(problem => ({...problem, isOfNode: true}))

const readNode = (name: string, annotations: ReadonlyMap<string, string>) =>
	readSettings(NODE_ANNOTATIONS, annotations, {kind: 'Node', namespace: '', name, uid: ''})
