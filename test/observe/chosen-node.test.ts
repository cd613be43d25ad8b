import {expect} from 'chai'
import fc from 'fast-check'
import type {ObjectReference} from '../../src/model/problem.ts'
import {Candidates} from '../../src/observe/chosen-node.ts'

const service = (name: string): ObjectReference => ({kind: 'Service', namespace: 'ns', name, uid: ''})
const SERVICES = Array.from({length: 5000}, (_, at) => service(`s${at}`))
const NODES = Array.from({length: 1000}, (_, at) => `node-${at}.example.com`)

const candidatesOf = (nodes: Iterable<string>): Candidates => {
	const candidates = new Candidates()
	for (const node of nodes) {
		candidates.add(node)
	}
	return candidates
}

const reference = fc.record({
	kind: fc.constantFrom('Service', 'EndpointSlice', 'Node'),
	namespace: fc.string(),
	name: fc.string(),
	uid: fc.string(),
})

const nodes = fc.uniqueArray(fc.string({minLength: 1, unit: 'binary'}), {minLength: 1, maxLength: 20})

describe('the node that is chosen for an object', () => {
	it('is one of them, the same whatever the order in which they were heard of', () => {
		fc.assert(
			fc.property(nodes, reference, fc.nat(), (names, object, turn) => {
				const chosen = candidatesOf(names).choose(object, turn)
				expect(names).to.include(chosen)
				expect(candidatesOf(names.toReversed()).choose(object, turn)).to.equal(chosen)
			}),
		)
	})

	it('stays when another one goes, and gives way to one of the others when it goes itself', () => {
		fc.assert(
			fc.property(nodes, reference, fc.nat(), fc.nat(), (names, object, turn, at) => {
				const candidates = candidatesOf(names)
				const before = candidates.choose(object, turn)
				const gone = names[at % names.length] ?? ''
				candidates.remove(gone)
				const after = candidates.choose(object, turn)
				if (gone === before) {
					expect(after).to.not.equal(gone)
				} else {
					expect(after).to.equal(before)
				}
			}),
		)
	})

	it('is each of a thousand about as often', () => {
		const candidates = candidatesOf(NODES)
		const counts = new Map(NODES.map(node => [node, 0]))
		for (const object of SERVICES) {
			const chosen = candidates.choose(object, 0) ?? ''
			counts.set(chosen, (counts.get(chosen) ?? 0) + 1)
		}
		expect(counts.size).to.equal(NODES.length)
		// 5 on average; by chance 20 comes once in a million.
		expect(Math.max(...counts.values())).to.be.below(20)
		expect([...counts.values()].filter(count => count === 0).length).to.be.below(30)
	})

	it('is another one in time', () => {
		const candidates = candidatesOf(NODES)
		const chosen = new Set(Array.from({length: 24}, (_, hour) => candidates.choose(service('s'), hour)))
		expect(chosen.size).to.be.above(20)
	})

	it('is nobody while there is nobody', () => {
		expect(new Candidates().choose(service('s'), 0)).to.equal(undefined)
	})
})
