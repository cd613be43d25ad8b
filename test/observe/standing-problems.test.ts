import {expect} from 'chai'
import type {Problem} from '../../src/model/problem.ts'
import {createStandingProblems, firstOf} from '../../src/observe/standing-problems.ts'

const problem = (message: string): Problem => ({
	object: {kind: 'Service', namespace: 'ns', name: 's', uid: ''},
	field: 'spec.ports',
	reason: 'InvalidObject',
	message,
})

describe('what is wrong now', () => {
	it('is what was said last of each Service, and what cannot be read until it can', () => {
		const {observer, all} = createStandingProblems()
		observer.problems('ns/s', [problem('a'), problem('b')])
		observer.problems('ns/t', [problem('c')])
		observer.problems('ns/s', [problem('d')])
		observer.garbled(problem('e'))
		observer.garbled(problem('f'))
		observer.mended(problem('e'))
		observer.problems('ns/t', [])
		expect([...all()].map(({message}) => message)).to.deep.equal(['d', 'f'])
	})

	it('is told in part where it is much', () => {
		const many = Array.from({length: 70}, (_, at) => problem(`${at}`))
		const {items, more} = firstOf(many)
		expect(items).to.deep.equal(many.slice(0, 50))
		expect(more).to.equal(20)
		expect(firstOf([problem('x'.repeat(5000))]).items[0]?.message).to.have.length(1003)
	})
})
