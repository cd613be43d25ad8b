import {expect} from 'chai'
import fc from 'fast-check'
import {NodeAddresses} from '../../src/model/node-addresses.ts'
import {address} from '../state/build.ts'

describe('the addresses of many Nodes', () => {
	it('is the union, and tells of each change what it changed of that', () => {
		const addresses = fc.option(
			fc.array(fc.constantFrom('192.0.2.1', '192.0.2.2', 'fd00::1').map(address), {maxLength: 4}),
			{nil: undefined},
		)
		const step = fc.tuple(fc.constantFrom('n1', 'n2', 'n3'), addresses)
		fc.assert(
			fc.property(fc.array(step, {maxLength: 20}), steps => {
				const nodes = new NodeAddresses()
				const known = new Map<string, readonly string[]>()
				for (const [name, list] of steps) {
					const before = new Set(nodes.all)
					const changed = nodes.replace(name, list)
					known.set(name, list ?? [])
					expect([...nodes.all].sort()).to.deep.equal([...new Set([...known.values()].flat())].sort())
					expect(changed.toSorted()).to.deep.equal([...before.symmetricDifference(nodes.all)].sort())
				}
			}),
		)
	})
})
