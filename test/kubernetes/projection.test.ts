import {expect} from 'chai'
import fc from 'fast-check'
import {decodeChange} from '../../src/kubernetes/decode-change.ts'
import {DecodeError, decodeProblem} from '../../src/kubernetes/decode-error.ts'
import {OBJECT_KINDS} from '../../src/model/object.ts'
import {sampleNode, sampleService, sampleServiceCIDR, sampleSlice} from './samples.ts'

const SAMPLES = {
	Service: sampleService('web', {externalIPs: ['1.1.1.1'], loadBalancerSourceRanges: ['10.0.0.0/8']}),
	EndpointSlice: sampleSlice('web', ['10.0.0.1']),
	Node: sampleNode('node-a'),
	ServiceCIDR: sampleServiceCIDR('kubernetes', '10.96.0.0/16', 'fd00:96::/108'),
} as const

/** A good object in which one value, anywhere, is another one. */
const withChange = (value: unknown, path: readonly number[], replacement: unknown): unknown => {
	const [first, ...rest] = path
	if (first === undefined || typeof value !== 'object' || value === null) {
		return replacement
	}
	const entries = Object.entries(value)
	const at = first % (entries.length || 1)
	const changed = entries.map(([key, child], index) => [
		key,
		index === at ? withChange(child, rest, replacement) : child,
	])
	return Array.isArray(value) ? changed.map(([, child]) => child) : Object.fromEntries(changed)
}

describe('projection', () => {
	for (const kind of OBJECT_KINDS) {
		const anyJson = fc.oneof(
			fc.jsonValue(),
			fc
				.tuple(fc.array(fc.nat(), {maxLength: 6}), fc.jsonValue())
				.map(([path, replacement]) => withChange(SAMPLES[kind], path, replacement)),
		)
		it(`makes a ${kind} or a DecodeError of any JSON`, () => {
			fc.assert(
				fc.property(anyJson, json => {
					try {
						expect(decodeChange(kind, json)).to.have.property('kind', kind)
					} catch (error) {
						expect(error).to.be.instanceOf(DecodeError)
						expect(decodeProblem(error as DecodeError)).to.have.nested.property('object.kind', kind)
					}
				}),
				{numRuns: 500},
			)
		})
	}
})
