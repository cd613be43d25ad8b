import {hash} from 'node:crypto'
import type {ObjectReference} from '../model/problem.ts'

/**
 * The Nodes among which the work for an object is given to one, by rendezvous hashing: all that know the same Nodes
 * choose alike without a word, and when a Node goes, only what it had goes to others.
 */
export class Candidates {
	readonly #hashes = new Map<string, number>()

	add(node: string): void {
		if (!this.#hashes.has(node)) {
			this.#hashes.set(node, hashOf(node))
		}
	}

	remove(node: string): void {
		this.#hashes.delete(node)
	}

	/** Undefined while there is none. Each `turn` is a choice of its own. */
	choose({kind, namespace, name}: ObjectReference, turn: number): string | undefined {
		const salt = hashOf(JSON.stringify([kind, namespace, name, turn]))
		let best: string | undefined
		let most = -1
		for (const [node, own] of this.#hashes) {
			const weight = mix(own ^ salt)
			if (weight > most || (weight === most && best !== undefined && node < best)) {
				best = node
				most = weight
			}
		}
		return best
	}
}

const hashOf = (text: string): number => Number.parseInt(hash('sha256', text).slice(0, 8), 16)

/** Each bit of the result depends on each bit of the value: the finalizer of MurmurHash3. */
const mix = (value: number): number => {
	let mixed = value
	mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
	mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
	return (mixed ^ (mixed >>> 16)) >>> 0
}
