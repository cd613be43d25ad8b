import {expect} from 'chai'
import fc from 'fast-check'
import {parseManifest} from '../../src/kubernetes/parse-manifest.ts'

describe('manifest', () => {
	it('takes several documents, each with its line', () => {
		expect(parseManifest('a.yaml', '# a comment\na: 1\n---\n---\nb: 2\n')).to.deep.equal({
			objects: [
				{json: {a: 1}, line: 2},
				{json: {b: 2}, line: 5},
			],
		})
	})

	it('takes lists apart', () => {
		const text = 'kind: List\napiVersion: v1\nitems:\n- kind: Node\n- kind: Service\n'
		expect(parseManifest('a.yml', text)).to.deep.equal({
			objects: [
				{json: {kind: 'Node'}, line: 4},
				{json: {kind: 'Service'}, line: 5},
			],
		})
	})

	it('gives the items of a typed list their kind', () => {
		const text = JSON.stringify({kind: 'ServiceList', apiVersion: 'v1', items: [{metadata: {name: 'a'}}]})
		expect(parseManifest('a.json', text)).to.deep.equal({
			objects: [{json: {kind: 'Service', apiVersion: 'v1', metadata: {name: 'a'}}, line: 1}],
		})
	})

	it('says where it is broken', () => {
		expect(parseManifest('a.yaml', 'a: 1\nb: [1, 2\nc: 3\n')).to.have.property('line').that.is.greaterThan(1)
		expect(parseManifest('a.yaml', 'a: 1\na: 2\n')).to.deep.include({line: 2})
		expect(parseManifest('a.json', '{\n"a": 1,\n}')).to.deep.include({line: 3})
	})

	it('is empty for an empty file', () => {
		for (const name of ['a.yaml', 'a.json']) {
			expect(parseManifest(name, '')).to.deep.equal({objects: []})
			expect(parseManifest(name, ' \n')).to.deep.equal({objects: []})
		}
	})

	it('never throws', () => {
		fc.assert(
			fc.property(fc.string(), fc.constantFrom('a.yaml', 'a.json'), (text, name) => void parseManifest(name, text)),
		)
	})
})
