import {expect} from 'chai'
import fc from 'fast-check'
import {parseWatchEvent} from '../../src/kubernetes/watch-event.ts'

describe('watch event', () => {
	const object = {metadata: {name: 'a', resourceVersion: '7'}}
	for (const [type, expected] of [
		['ADDED', {type: 'put', object}],
		['MODIFIED', {type: 'put', object}],
		['DELETED', {type: 'delete', object}],
		['BOOKMARK', {type: 'bookmark', version: '7'}],
		['LATER', {type: 'unknown'}],
	] as const) {
		it(`reads ${type}`, () => {
			expect(parseWatchEvent(JSON.stringify({type, object}))).to.deep.equal(expected)
		})
	}

	it('reads the code of an ERROR', () => {
		const status = {kind: 'Status', code: 410, reason: 'Expired', message: 'too old'}
		expect(parseWatchEvent(JSON.stringify({type: 'ERROR', object: status}))).to.deep.equal({
			type: 'error',
			status: {code: 410, reason: 'Expired', message: 'too old', retryAfterSeconds: 0, isVersionTooLarge: false},
		})
	})

	it('never throws', () => {
		fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), line => void parseWatchEvent(line)))
		for (const line of ['', '{', 'null', '[]', '{"type":"ADDED"}', '{"type":"ADDED","object":null}']) {
			expect(parseWatchEvent(line).type, line).to.equal('garbled')
		}
	})
})
